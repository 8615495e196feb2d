namespace NasCluster.Llama.Cpu;

/// <summary>Runs one batch through a tree of architectures, depth first.</summary>
internal sealed unsafe class ForwardPass : IDisposable
{
    private readonly PackedNetwork _network;
    private readonly BufferPool _pool;
    private readonly TokenBatch _batch;
    private readonly LayerPass _layers;
    private readonly Workers _workers;
    private readonly nint _stride;
    private readonly CancellationToken _cancellation;
    private readonly int[] _wanted;
    private readonly int[] _places;
    private readonly TokenRows? _few;
    private readonly KeyValues[]? _kept;

    /// <summary>Prepares a pass.</summary>
    /// <param name="network">The weights.</param>
    /// <param name="crew">Who computes.</param>
    /// <param name="pool">Working memory.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="wanted">Which of them are read at the end; ascending, each once.</param>
    /// <param name="cancellation">Looked at between layers.</param>
    /// <param name="kept">
    /// For each layer in turn, keys and values of what came before the batch; the batch's are added. Only for trees that are one architecture.
    /// </param>
    public ForwardPass(
        PackedNetwork network, Crew crew, BufferPool pool, TokenBatch batch, int[] wanted, CancellationToken cancellation, KeyValues[]? kept = null)
    {
        _kept = kept;
        _network = network;
        _pool = pool;
        _batch = batch;
        _workers = crew.Workers;
        _stride = LayerPass.Stride(network.Configuration.HiddenSize);
        _cancellation = cancellation;
        _layers = new LayerPass(network.Configuration, crew.Kernels, crew.Workers, pool, batch);
        _wanted = wanted;
        _places = [.. Enumerable.Range(0, wanted.Length)];
        if ((wanted.Length + TokenRows.Lanes - 1) / TokenRows.Lanes < batch.Panels)
        {
            _few = batch.Select(wanted);
        }
    }

    /// <summary>Runs the batch.</summary>
    /// <param name="tree">The architectures.</param>
    /// <param name="finish">Called wherever architectures end.</param>
    public void Run(ArchitectureNode tree, Ending finish)
    {
        var hidden = _pool.Rent(_batch.Panels * _stride);
        try
        {
            Embed(hidden);
            Visit(tree, 0, hidden, finish);
        }
        finally
        {
            _pool.Return(hidden);
        }
    }

    public void Dispose()
    {
        _few?.Dispose();
        _layers.Dispose();
    }

    private void Visit(ArchitectureNode node, int depth, AlignedBuffer hidden, Ending finish)
    {
        if (node.EndsHere.Count > 0)
        {
            finish(node, hidden, _wanted);
        }

        // Last layers of which few rows are wanted leave the stream as it is; of the others all but one work on a copy. So at most one
        // buffer for each layer is ever needed.
        foreach (var last in node.Children.Where(IsCutShort))
        {
            _cancellation.ThrowIfCancellationRequested();
            End(last, depth, hidden, finish);
        }

        ArchitectureNode[] children = [.. node.Children.Where(c => !IsCutShort(c))];
        for (var i = 0; i < children.Length; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (i == children.Length - 1)
            {
                Descend(children[i], depth, hidden, finish);
                return;
            }

            var copy = _pool.Rent(_batch.Panels * _stride);
            try
            {
                var bytes = _batch.Panels * _stride * sizeof(float);
                Buffer.MemoryCopy(hidden.Data, copy.Data, bytes, bytes);
                Descend(children[i], depth, copy, finish);
            }
            finally
            {
                _pool.Return(copy);
            }
        }
    }

    private bool IsCutShort(ArchitectureNode child) => _few is not null && child.Children.Count == 0;

    private LayerView Weights(ArchitectureNode child) => _network.Layers[child.Layer!.SourceLayer].Select(child.Layer, _pool);

    private void Descend(ArchitectureNode child, int depth, AlignedBuffer hidden, Ending finish)
    {
        using (var layer = Weights(child))
        {
            _layers.Run(layer, hidden, _kept?[depth]);
        }

        Visit(child, depth + 1, hidden, finish);
    }

    // After an architecture's last layer nothing looks at rows that are not scored, so there they are left out.
    private void End(ArchitectureNode child, int depth, AlignedBuffer hidden, Ending finish)
    {
        var chosen = _pool.Rent(_few!.Panels * _stride);
        try
        {
            _workers.Run(_few.Panels, 0, (panel, _) => RowGather.Panel(
                hidden.Data, _stride, _network.Configuration.HiddenSize, _wanted.AsSpan(panel * TokenRows.Lanes), chosen.Data + (panel * _stride)));
            using (var layer = Weights(child))
            {
                _layers.RunLast(layer, hidden, _few, chosen, _kept?[depth]);
            }

            finish(child, chosen, _places);
        }
        finally
        {
            _pool.Return(chosen);
        }
    }

    private void Embed(AlignedBuffer hidden)
    {
        var channels = _network.Configuration.HiddenSize;
        _workers.Run(_batch.Panels, 0, (panel, _) =>
        {
            var destination = hidden.Data + (panel * _stride);
            for (var lane = 0; lane < TokenBatch.Lanes; lane++)
            {
                // Lanes beyond the last row hold its token, so that they hold numbers.
                var row = Math.Min((panel * TokenBatch.Lanes) + lane, _batch.Rows - 1);
                var source = _network.Embedding.RowStart(_batch.Tokens[row]);
                for (var c = 0; c < channels; c++)
                {
                    destination[(c * TokenBatch.Lanes) + lane] = source[c * PackedMatrix.PanelRows];
                }
            }
        });
    }

    /// <summary>Takes the residual stream where architectures end; it must not change it.</summary>
    /// <param name="node">What ends.</param>
    /// <param name="hidden">[panels][hidden size, padded][32].</param>
    /// <param name="places">In which of its rows the wanted ones are, in their order.</param>
    public delegate void Ending(ArchitectureNode node, AlignedBuffer hidden, int[] places);
}
