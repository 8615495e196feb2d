namespace NasCluster.Llama.Cpu;

/// <summary>From the residual stream of chosen rows to log-likelihoods, or to the logits themselves.</summary>
internal sealed unsafe class OutputHead(PackedNetwork network, CpuKernels kernels, Workers workers)
{
    private const int Lanes = TokenBatch.Lanes;

    // Rows of logits whose softmax is summed together; a part of the numerics, since it fixes the order of the sum.
    private const int SegmentRows = 30 * PackedMatrix.PanelRows;

    /// <summary>Log-likelihood of each target after its row, and whether it is the most likely token (lowest id on a tie).</summary>
    /// <param name="hidden">[panels][hidden size, padded][32].</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="targets">The token that follows each.</param>
    /// <param name="likelihoods">One for each, in nats.</param>
    /// <param name="greedy">One for each.</param>
    public void Score(AlignedBuffer hidden, int[] rows, int[] targets, float[] likelihoods, bool[] greedy)
    {
        ForEachPanel(hidden, rows, (first, count, normalized, logits) =>
        {
            var state = stackalloc LaneState[Lanes];
            for (var lane = 0; lane < count; lane++)
            {
                state[lane] = new LaneState(targets[first + lane]);
            }

            var largest = stackalloc float[2 * Lanes];
            var sum = largest + Lanes;
            for (var start = 0; start < network.Head.Rows; start += SegmentRows)
            {
                var segment = Segment(start);
                kernels.Project(segment, normalized, 0, logits, 0, 1, TileEnd.Store);
                kernels.SumExponentials(logits, segment.Rows, largest, sum);
                for (var lane = 0; lane < count; lane++)
                {
                    state[lane].Take(logits + lane, start, segment.Rows, largest[lane], sum[lane]);
                }
            }

            for (var lane = 0; lane < count; lane++)
            {
                likelihoods[first + lane] = state[lane].LogLikelihood;
                greedy[first + lane] = state[lane].IsGreedy;
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
        ForEachPanel(hidden, rows, (first, count, normalized, logits) =>
        {
            for (var start = 0; start < vocabulary; start += SegmentRows)
            {
                var segment = Segment(start);
                kernels.Project(segment, normalized, 0, logits, 0, 1, TileEnd.Store);
                for (var lane = 0; lane < count; lane++)
                {
                    for (var row = 0; row < segment.Rows; row++)
                    {
                        output[((first + lane) * vocabulary) + start + row] = logits[(row * Lanes) + lane];
                    }
                }
            }
        });
    }

    private delegate void PanelAction(int first, int count, float* normalized, float* logits);

    private void ForEachPanel(AlignedBuffer hidden, int[] rows, PanelAction action)
    {
        var size = network.Configuration.HiddenSize;
        var stride = LayerPass.Stride(size);
        workers.Run((rows.Length + Lanes - 1) / Lanes, (2 * stride) + (SegmentRows * Lanes), (panel, scratch) =>
        {
            var first = panel * Lanes;
            var count = Math.Min(Lanes, rows.Length - first);
            var chosen = scratch.Data;
            for (var lane = 0; lane < Lanes; lane++)
            {
                // Lanes beyond the last row repeat it, so that they hold numbers.
                var row = rows[first + Math.Min(lane, count - 1)];
                var source = hidden.Data + (row / Lanes * stride) + (row % Lanes);
                for (var c = 0; c < size; c++)
                {
                    chosen[(c * Lanes) + lane] = source[c * Lanes];
                }
            }

            var normalized = chosen + stride;
            kernels.Normalize(chosen, network.Norm.Data, normalized, size, network.Configuration.NormEpsilon);
            action(first, count, normalized, normalized + stride);
        });
    }

    private MatrixView Segment(int start)
    {
        var all = network.Head.View;
        return new MatrixView(all.Data + (start / PackedMatrix.PanelRows * all.PanelStride), all.PanelStride, Math.Min(SegmentRows, all.Rows - start), all.Depth);
    }

    // What is known of one token's softmax after some of the vocabulary.
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
