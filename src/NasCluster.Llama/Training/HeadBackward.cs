using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>The loss from the residual stream of the scored tokens, and its gradient by that, the last norm and the output head.</summary>
/// <remarks>Tokens are taken in runs whose logits fit in fixed memory; gradients of runs are added in order.</remarks>
internal sealed unsafe class HeadBackward(
    TrainingShape shape, CpuKernels kernels, TrainingKernels training, Workers workers, BufferPool pool, WeightGradients weights)
{
    private const int Lanes = TokenBatch.Lanes;

    // Logits at once; a part of the numerics, since it fixes where sums over tokens are broken.
    private const int RunLogits = 1 << 22;

    private readonly int _vocabulary = shape.Configuration.VocabularySize;
    private readonly nint _logitStride = LayerPass.Stride(shape.Configuration.VocabularySize);

    /// <summary>Runs it.</summary>
    /// <param name="head">[vocabulary, hidden].</param>
    /// <param name="norm">Gain of the last norm.</param>
    /// <param name="hidden">The residual stream after the last layer [panels][hidden, padded][32].</param>
    /// <param name="rows">The rows before scored tokens, each once.</param>
    /// <param name="targets">The scored tokens.</param>
    /// <param name="scale">Factor of the gradients by one token's loss.</param>
    /// <param name="residual">Receives the gradient by <paramref name="hidden"/>; 0 on entry.</param>
    /// <param name="gradients">Added to.</param>
    /// <returns>Sum of the scored tokens' cross-entropies in nats, in their order.</returns>
    public double Run(
        TwoWayMatrix head, GainVector norm, float* hidden, int[] rows, int[] targets, float scale, float* residual, ParameterSet gradients)
    {
        var panels = (rows.Length + Lanes - 1) / Lanes;
        var runPanels = Math.Min(panels, Math.Max(1, RunLogits / (int)Math.Min(_logitStride, RunLogits)));
        var losses = new double[rows.Length];
        var buffer = pool.Rent(runPanels * ((3 * shape.Hidden) + _logitStride + Lanes));
        try
        {
            var run = new TokenRun { Chosen = buffer.Data };
            run.Normalized = run.Chosen + (runPanels * shape.Hidden);
            run.Gradient = run.Normalized + (runPanels * shape.Hidden);
            run.Logits = run.Gradient + (runPanels * shape.Hidden);
            run.Inverse = run.Logits + (runPanels * _logitStride);
            for (var first = 0; first < rows.Length; first += runPanels * Lanes)
            {
                var count = Math.Min(runPanels * Lanes, rows.Length - first);
                (run.First, run.Count) = (first, count);
                var part = run;
                var blockPanels = workers.BlockPanels((count + Lanes - 1) / Lanes);
                workers.Run(((count + Lanes - 1) / Lanes + blockPanels - 1) / blockPanels, shape.Hidden, (block, scratch) =>
                {
                    var end = Math.Min((block + 1) * blockPanels, (count + Lanes - 1) / Lanes);
                    Block(part, block * blockPanels, end, head, norm, hidden, rows, targets, scale, losses, scratch.Data, residual);
                });
                weights.Add(
                    run.Logits, _logitStride, _vocabulary, run.Normalized, shape.Hidden, shape.Configuration.HiddenSize, count, gradients.LmHead);
                weights.AddGain(run.Chosen, run.Gradient, run.Inverse, shape.Hidden, (count + Lanes - 1) / Lanes, gradients.Norm);
            }
        }
        finally
        {
            pool.Return(buffer);
        }

        var sum = 0.0;
        foreach (var loss in losses)
        {
            sum += loss;
        }

        return sum;
    }

    private void Block(
        TokenRun run,
        int first,
        int end,
        TwoWayMatrix head,
        GainVector norm,
        float* hidden,
        int[] rows,
        int[] targets,
        float scale,
        double[] losses,
        float* back,
        float* residual)
    {
        var size = shape.Configuration.HiddenSize;
        var count = end - first;
        var normalized = run.Normalized + (first * shape.Hidden);
        var gradient = run.Gradient + (first * shape.Hidden);
        var logits = run.Logits + (first * _logitStride);
        for (var panel = first; panel < end; panel++)
        {
            var chosen = run.Chosen + (panel * shape.Hidden);
            ForEachLane(run, panel, rows, (lane, at) => CopyLane(hidden + at, chosen + lane), repeat: true);
            kernels.Normalize(chosen, norm.Data, run.Normalized + (panel * shape.Hidden), size, shape.Configuration.NormEpsilon);
        }

        kernels.Project(head.Forward(_vocabulary, size), normalized, shape.Hidden, logits, _logitStride, count, TileEnd.Store);
        for (var panel = first; panel < end; panel++)
        {
            CrossEntropy(run, panel, targets, scale, losses);
        }

        kernels.Project(head.Backward(_vocabulary, size), logits, _logitStride, gradient, shape.Hidden, count, TileEnd.Store);
        for (var panel = first; panel < end; panel++)
        {
            var at = panel * shape.Hidden;
            new Span<float>(back, size * Lanes).Clear();
            training.NormBackward(
                run.Chosen + at, norm.Data, run.Gradient + at, back, run.Inverse + (panel * Lanes), size, shape.Configuration.NormEpsilon);
            ForEachLane(run, panel, rows, (lane, to) => CopyLane(back + lane, residual + to), repeat: false);
        }
    }

    // Puts the gradients by logits in their place: scale x (softmax - 1 for the target), and 0 in lanes without a token.
    private void CrossEntropy(TokenRun run, int panel, int[] targets, float scale, double[] losses)
    {
        var logits = run.Logits + (panel * _logitStride);
        var largest = stackalloc float[2 * Lanes];
        var sum = largest + Lanes;
        kernels.SumExponentials(logits, _vocabulary, largest, sum);
        for (var lane = 0; lane < Lanes; lane++)
        {
            var i = (panel * Lanes) + lane;
            if (i < run.Count)
            {
                // The logarithm takes normal numbers only: a sum that is none must show, as the sign of a training gone astray.
                var logarithm = float.IsFinite(sum[lane]) ? ScalarMath.Log(sum[lane]) : double.NaN;
                losses[run.First + i] = largest[lane] + logarithm - logits[(targets[run.First + i] * Lanes) + lane];
            }

            sum[lane] = i < run.Count ? scale / sum[lane] : 0f;
        }

        training.ScaledExponentials(logits, _vocabulary, largest, sum);
        for (var lane = 0; lane < Lanes && (panel * Lanes) + lane < run.Count; lane++)
        {
            logits[(targets[run.First + (panel * Lanes) + lane] * Lanes) + lane] -= scale;
        }
    }

    // The lanes of a panel of chosen rows, and where each one's row begins in the residual stream.
    private void ForEachLane(TokenRun run, int panel, int[] rows, Action<int, nint> action, bool repeat)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var i = (panel * Lanes) + lane;
            if (i < run.Count || repeat)
            {
                // Lanes beyond the last row repeat it, so that they hold numbers.
                var row = rows[run.First + Math.Min(i, run.Count - 1)];
                action(lane, (row / Lanes * shape.Hidden) + (row % Lanes));
            }
        }
    }

    private void CopyLane(float* source, float* target)
    {
        for (var c = 0; c < shape.Configuration.HiddenSize * Lanes; c += Lanes)
        {
            target[c] = source[c];
        }
    }

    // Tokens whose logits are in memory together. Arrays are [panels][channels, padded][32].
    private struct TokenRun
    {
        public int First;
        public int Count;
        public float* Chosen;
        public float* Normalized;
        public float* Gradient;
        public float* Logits;
        public float* Inverse;
    }
}
