using NasCluster.Llama.Cpu;

namespace NasCluster.Benchmarks.Engine;

/// <summary>The packed product alone, on 128 tokens, again and again.</summary>
internal sealed unsafe class KernelSpeed
{
    private const int Panels = 4;

    private readonly CpuKernels _kernels;
    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _input;
    private readonly AlignedBuffer _output;
    private readonly int _outputs;
    private readonly int _inputs;
    private readonly int _repeats;

    public KernelSpeed(VectorPath path, int outputs, int inputs)
    {
        _kernels = CpuKernels.For(path);
        _outputs = outputs;
        _inputs = inputs;
        _weights = new AlignedBuffer((long)PackedMatrix.Pad(outputs) * inputs);
        _input = new AlignedBuffer((long)Panels * inputs * TokenBatch.Lanes);
        _output = new AlignedBuffer(Panels * LayerPass.Stride(outputs));
        _repeats = (int)Math.Max(1, 5e9 / Product);
    }

    /// <summary>Operations in one run.</summary>
    public double Flops => _repeats * Product;

    private double Product => 2.0 * Panels * TokenBatch.Lanes * _outputs * _inputs;

    public void Run()
    {
        var view = new MatrixView(_weights.Data, (nint)PackedMatrix.PanelRows * _inputs, _outputs, _inputs);
        for (var i = 0; i < _repeats; i++)
        {
            _kernels.Project(view, _input.Data, (nint)_inputs * TokenBatch.Lanes, _output.Data, LayerPass.Stride(_outputs), Panels, TileEnd.Store);
        }
    }
}
