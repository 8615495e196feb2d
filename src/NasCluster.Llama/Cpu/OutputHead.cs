namespace NasCluster.Llama.Cpu;

/// <summary>From the residual stream of chosen rows to log-likelihoods, or to the logits themselves.</summary>
internal sealed unsafe class OutputHead(PackedNetwork network, CpuKernels kernels, Workers workers)
{
    private const int Lanes = TokenBatch.Lanes;

    // Rows of logits whose softmax is summed together; a part of the numerics, since it fixes the order of the sum.
    private const int SegmentRows = 30 * PackedMatrix.PanelRows;
    private const int SegmentStride = SegmentRows * Lanes;

    /// <summary>Log-likelihood of each token asked for, and whether it is the most likely one (lowest id on a tie).</summary>
    /// <param name="hidden">[panels][hidden size, padded][32].</param>
    /// <param name="places">Where in it each of the scored rows lies.</param>
    /// <param name="scored">What is asked of them.</param>
    /// <param name="likelihoods">One for each question, in nats.</param>
    /// <param name="greedy">One for each question.</param>
    public void Score(AlignedBuffer hidden, int[] places, ScoredRows scored, float[] likelihoods, bool[] greedy)
    {
        ForEachBlock(hidden, places, (first, count, normalized, logits) =>
        {
            var states = new LaneState[count][];
            for (var i = 0; i < count; i++)
            {
                states[i] = Array.ConvertAll(scored.QuestionsOf(first + i).ToArray(), question => new LaneState(scored.Target(question)));
            }

            ForEachSegment(count, normalized, logits, (start, length) => Take(states, logits, start, length));
            for (var i = 0; i < count; i++)
            {
                var questions = scored.QuestionsOf(first + i);
                for (var q = 0; q < questions.Length; q++)
                {
                    likelihoods[questions[q]] = states[i][q].LogLikelihood;
                    greedy[questions[q]] = states[i][q].IsGreedy;
                }
            }
        });
    }

    /// <summary>The logits after each row.</summary>
    /// <param name="hidden">[panels][hidden size, padded][32].</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="output">[rows][vocabulary].</param>
    public void Logits(AlignedBuffer hidden, int[] rows, float[] output)
    {
        var vocabulary = network.Head.Rows;
        ForEachBlock(hidden, rows, (first, count, normalized, logits) => ForEachSegment(count, normalized, logits, (start, length) =>
        {
            for (var i = 0; i < count; i++)
            {
                var column = logits + (i / Lanes * SegmentStride) + (i % Lanes);
                for (var row = 0; row < length; row++)
                {
                    output[((first + i) * vocabulary) + start + row] = column[row * Lanes];
                }
            }
        }));
    }

    private delegate void BlockAction(int first, int count, float* normalized, float* logits);

    // Hands on blocks of chosen rows, normalized: [panels][hidden size, padded][32], and room for their logits [panels][SegmentRows][32].
    private void ForEachBlock(AlignedBuffer hidden, int[] rows, BlockAction action)
    {
        var size = network.Configuration.HiddenSize;
        var stride = LayerPass.Stride(size);
        var panels = (rows.Length + Lanes - 1) / Lanes;
        var blockPanels = workers.BlockPanels(panels);
        var blockRows = blockPanels * Lanes;
        workers.Run((panels + blockPanels - 1) / blockPanels, stride + (blockPanels * (stride + SegmentStride)), (block, scratch) =>
        {
            var chosen = scratch.Data;
            var normalized = chosen + stride;
            var first = block * blockRows;
            var count = Math.Min(blockRows, rows.Length - first);
            for (var p = 0; p * Lanes < count; p++)
            {
                var end = Math.Min(count, (p + 1) * Lanes);
                RowGather.Panel(hidden.Data, stride, size, rows.AsSpan((first + (p * Lanes))..(first + end)), chosen);
                kernels.Normalize(chosen, network.Norm.Data, normalized + (p * stride), size, network.Configuration.NormEpsilon);
            }

            action(first, count, normalized, normalized + (blockPanels * stride));
        });
    }

    private void ForEachSegment(int count, float* normalized, float* logits, Action<int, int> action)
    {
        var stride = LayerPass.Stride(network.Configuration.HiddenSize);
        for (var start = 0; start < network.Head.Rows; start += SegmentRows)
        {
            var segment = Segment(start);
            if (count <= FewLanesKernel.MostLanes)
            {
                kernels.ProjectFew(segment, normalized, logits, count, TileEnd.Store);
            }
            else
            {
                kernels.Project(segment, normalized, stride, logits, SegmentStride, (count + Lanes - 1) / Lanes, TileEnd.Store);
            }

            action(start, segment.Rows);
        }
    }

    private void Take(LaneState[][] states, float* logits, int start, int length)
    {
        var largest = stackalloc float[2 * Lanes];
        var sum = largest + Lanes;
        for (var i = 0; i < states.Length; i++)
        {
            var panel = logits + (i / Lanes * SegmentStride);
            if (i % Lanes == 0)
            {
                kernels.SumExponentials(panel, length, largest, sum);
            }

            for (var q = 0; q < states[i].Length; q++)
            {
                states[i][q].Take(panel + (i % Lanes), start, length, largest[i % Lanes], sum[i % Lanes]);
            }
        }
    }

    private MatrixView Segment(int start) => network.Head.View.From(start, Math.Min(SegmentRows, network.Head.Rows - start));

    // What is known of a row's softmax and of one token in it after some of the vocabulary.
    private struct LaneState(int target)
    {
        private readonly int _target = target;
        private float _targetLogit;
        private float _largest = float.NegativeInfinity;
        private double _sum;

        public bool IsGreedy { get; private set; }

        public readonly float LogLikelihood => (float)((double)_targetLogit - _largest - ScalarMath.Log(_sum));

        public void Take(float* logits, int start, int rows, float largest, float sum)
        {
            var place = _target - start;
            var holdsTarget = place >= 0 && place < rows;
            if (holdsTarget)
            {
                _targetLogit = logits[place * Lanes];
            }

            if (largest > _largest)
            {
                _sum = (_sum * (_sum == 0 ? 0 : ScalarMath.Exp(_largest - largest))) + sum;
                _largest = largest;
                IsGreedy = holdsTarget && _targetLogit == largest;
                for (var row = 0; IsGreedy && row < place; row++)
                {
                    IsGreedy = logits[row * Lanes] != largest;
                }
            }
            else
            {
                _sum += (double)sum * ScalarMath.Exp(largest - _largest);
            }
        }
    }
}
