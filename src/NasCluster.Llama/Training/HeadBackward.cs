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
    /// <param name="terms">What else the loss is made of, and what is kept.</param>
    /// <param name="residual">Receives the gradient by <paramref name="hidden"/>; 0 on entry. Null where only the loss is wanted.</param>
    /// <param name="gradients">Added to; not looked at where only the loss is wanted.</param>
    /// <returns>Sum of the scored tokens' cross-entropies in nats, in their order.</returns>
    public double Run(
        TwoWayMatrix head, GainVector norm, float* hidden, int[] rows, int[] targets, float scale, LossTerms terms, float* residual,
        ParameterSet? gradients)
    {
        terms.Teacher?.RequireSize(rows.Length, _vocabulary);
        terms.Record?.Resize(rows.Length, _vocabulary);
        var panels = Panels(rows.Length);
        var runPanels = Math.Min(panels, Math.Max(1, RunLogits / (int)Math.Min(_logitStride, RunLogits)));
        var losses = new double[rows.Length];
        var buffer = pool.Rent((runPanels * ((3 * shape.Hidden) + _logitStride + Lanes)) + TokenMajor.Length(runPanels, shape.Hidden / Lanes));
        try
        {
            var run = new TokenRun { Hidden = hidden, Rows = rows, Targets = targets, Scale = scale, Terms = terms, Losses = losses, Residual = residual };
            run.Chosen = buffer.Data;
            run.Normalized = run.Chosen + (runPanels * shape.Hidden);
            run.Gradient = run.Normalized + (runPanels * shape.Hidden);
            run.Logits = run.Gradient + (runPanels * shape.Hidden);
            run.Inverse = run.Logits + (runPanels * _logitStride);
            var size = shape.Configuration.HiddenSize;
            run.Turned = new TokenMajor(run.Inverse + (runPanels * Lanes), runPanels, size);
            while (run.First < rows.Length)
            {
                run.Count = Math.Min(runPanels * Lanes, rows.Length - run.First);
                var blockPanels = workers.BlockPanels(Panels(run.Count));
                workers.Run((Panels(run.Count) + blockPanels - 1) / blockPanels, shape.Hidden, (block, scratch) =>
                    Block(run, block * blockPanels, Math.Min((block + 1) * blockPanels, Panels(run.Count)), head, norm, scratch.Data));
                if (gradients is not null)
                {
                    weights.Add(run.Count, new WeightProduct(new PanelView(run.Logits, _logitStride, _vocabulary), run.Turned, gradients.LmHead));
                    weights.AddGain(new PanelView(run.Chosen, shape.Hidden, size), run.Gradient, run.Inverse, Panels(run.Count), gradients.Norm);
                }

                run.First += run.Count;
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

    private static int Panels(int tokens) => (tokens + Lanes - 1) / Lanes;

    // Panels first to end - 1 of a run, from the residual stream to its gradient.
    private void Block(TokenRun run, int first, int end, TwoWayMatrix head, GainVector norm, float* back)
    {
        var size = shape.Configuration.HiddenSize;
        var count = end - first;
        var logits = run.Logits + (first * _logitStride);
        for (var panel = first; panel < end; panel++)
        {
            var chosen = run.Chosen + (panel * shape.Hidden);
            for (var lane = 0; lane < Lanes; lane++)
            {
                // Lanes beyond the last row repeat it, so that they hold numbers.
                CopyLane(run.Hidden + PlaceOf(run, Math.Min((panel * Lanes) + lane, run.Count - 1)), chosen + lane);
            }

            kernels.Normalize(chosen, norm.Data, run.Normalized + (panel * shape.Hidden), size, shape.Configuration.NormEpsilon);
        }

        kernels.Project(
            head.Forward(_vocabulary, size), run.Normalized + (first * shape.Hidden), shape.Hidden, logits, _logitStride, count, TileEnd.Store);
        for (var panel = first; panel < end; panel++)
        {
            CrossEntropy(run, panel);
        }

        if (run.Residual == null)
        {
            return;
        }

        run.Turned.Take(run.Normalized, shape.Hidden, first, count);
        kernels.Project(
            head.Backward(_vocabulary, size), logits, _logitStride, run.Gradient + (first * shape.Hidden), shape.Hidden, count, TileEnd.Store);
        for (var panel = first; panel < end; panel++)
        {
            var at = panel * shape.Hidden;
            new Span<float>(back, size * Lanes).Clear();
            training.NormBackward(
                run.Chosen + at, norm.Data, run.Gradient + at, back, run.Inverse + (panel * Lanes), size, shape.Configuration.NormEpsilon);
            for (var lane = 0; lane < Lanes && (panel * Lanes) + lane < run.Count; lane++)
            {
                CopyLane(back + lane, run.Residual + PlaceOf(run, (panel * Lanes) + lane));
            }
        }
    }

    // Puts the gradients by logits in their place: scale x (softmax - 1 for the target), and 0 in lanes without a token.
    private void CrossEntropy(TokenRun run, int panel)
    {
        var logits = run.Logits + (panel * _logitStride);
        var largest = stackalloc float[2 * Lanes];
        var sum = largest + Lanes;
        kernels.SumExponentials(logits, _vocabulary, largest, sum);
        var tokens = Math.Min(Lanes, run.Count - (panel * Lanes));
        var targets = run.Targets.AsSpan(run.First + (panel * Lanes), tokens);
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (lane < tokens)
            {
                // The logarithm takes normal numbers only: a sum that is none must show, as the sign of a training gone astray.
                var logarithm = float.IsFinite(sum[lane]) ? ScalarMath.Log(sum[lane]) : double.NaN;
                run.Losses[run.First + (panel * Lanes) + lane] = largest[lane] + logarithm - logits[(targets[lane] * Lanes) + lane];
            }

            sum[lane] = lane < tokens ? (run.Terms.Record is null ? run.Scale : 1f) / sum[lane] : 0f;
        }

        if (run.Residual == null && run.Terms.Record is null)
        {
            return;
        }

        training.ScaledExponentials(logits, _vocabulary, largest, sum);
        if (run.Terms.Record is { } record)
        {
            var place = record.Data + (((run.First / Lanes) + panel) * _logitStride);
            training.KeepAndScale(logits, place, run.Scale, _vocabulary * Lanes);
        }

        SubtractTargets(run, panel, logits, targets);
    }

    // The gradient by a logit is what the network expects less what it should have: the target, or in part what the teacher expects.
    private void SubtractTargets(TokenRun run, int panel, float* logits, ReadOnlySpan<int> targets)
    {
        var soft = run.Terms.Teacher is null ? 0f : run.Terms.SoftShare;
        if (run.Terms.Teacher is { } teacher)
        {
            // Lanes without a token hold 0 in what was recorded.
            var place = teacher.Data + (((run.First / Lanes) + panel) * _logitStride);
            training.SubtractScaled(logits, place, run.Scale * soft, _vocabulary * Lanes);
        }

        for (var lane = 0; lane < targets.Length; lane++)
        {
            logits[(targets[lane] * Lanes) + lane] -= run.Scale * (1f - soft);
        }
    }

    // Where a run's token begins in the residual stream.
    private nint PlaceOf(TokenRun run, int token)
    {
        var row = run.Rows[run.First + token];
        return (row / Lanes * shape.Hidden) + (row % Lanes);
    }

    private void CopyLane(float* source, float* target)
    {
        for (var c = 0; c < shape.Configuration.HiddenSize * Lanes; c += Lanes)
        {
            target[c] = source[c];
        }
    }

    // Scored tokens whose logits are in memory together. Arrays from Chosen on are of these tokens only, [panels][channels, padded][32].
    private sealed class TokenRun
    {
        public required float* Hidden { get; init; }

        public required int[] Rows { get; init; }

        public required int[] Targets { get; init; }

        public required float Scale { get; init; }

        public required LossTerms Terms { get; init; }

        public required double[] Losses { get; init; }

        public required float* Residual { get; init; }

        public int First { get; set; }

        public int Count { get; set; }

        public float* Chosen { get; set; }

        public float* Normalized { get; set; }

        public float* Gradient { get; set; }

        public float* Logits { get; set; }

        public float* Inverse { get; set; }

        public TokenMajor Turned { get; set; }
    }
}
