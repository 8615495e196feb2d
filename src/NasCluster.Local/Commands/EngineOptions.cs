using System.CommandLine;
using NasCluster.Core;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Llama.Training;
using NasCluster.Local.Engines;

namespace NasCluster.Local.Commands;

/// <summary>The options that choose the engine that scores or trains networks. Results of another engine, device or number format differ in their last digits.</summary>
internal sealed class EngineOptions
{
    private const string Torch = "torch";

    private readonly Option<string> _engine = OptionKinds.Word(
        "--engine", "What computes: the managed CPU engine, or libtorch, for graphics cards.", "cpu", Torch);

    private readonly Option<string?> _device = OptionKinds.Text("--device", "NAME", "Device of the engine torch: cpu, cuda or cuda:N. Default: cuda where there is one, else cpu.");

    private readonly Option<string?> _precision = OptionKinds.Text(
        "--precision", "FORMAT", "Number format of the engine torch: float32, bfloat16 or float16. Default: bfloat16 on cuda, float32 on cpu.");

    private readonly Option<string> _vectors = VectorOption.Create();

    public EngineOptions(Command command)
    {
        command.Add(_engine);
        command.Add(_device);
        command.Add(_precision);
        command.Add(_vectors);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_engine) != Torch && (result.GetResult(_device) ?? result.GetResult(_precision)) is { } given)
            {
                result.AddError($"{given.IdentifierToken?.Value} is for --engine {Torch}; the CPU engine computes in float32 on the processors.");
            }
        });
    }

    /// <summary>Whether one call keeps the whole device busy, so that calls side by side gain nothing.</summary>
    public bool FillsDevice(ParseResult parsed) => parsed.GetRequiredValue(_engine) == Torch;

    /// <summary>The engine.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="threads">Processors for one call.</param>
    /// <exception cref="NasClusterException">It is not part of this build, or its device or library is not there.</exception>
    public ILlamaEngine Choose(ParseResult parsed, int threads)
    {
        var cpu = new CpuEngineOptions { Threads = threads, VectorPath = VectorOption.Path(parsed.GetRequiredValue(_vectors)) };
        return parsed.GetRequiredValue(_engine) == Torch
            ? TorchChoice.Open(parsed.GetValue(_device), parsed.GetValue(_precision), cpu)
            : new CpuEngine(cpu);
    }

    /// <summary>The engine to train with.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cpu">How the processors are used.</param>
    /// <param name="optimiser">How weights are changed; only Torch has others than AdamW.</param>
    /// <param name="recompute">Whether to keep less and compute it again.</param>
    /// <exception cref="NasClusterException">It is not part of this build, its device or library is not there, or it has no such optimiser.</exception>
    public ITrainingEngineFactory ChooseTraining(ParseResult parsed, CpuEngineOptions cpu, TrainingOptimiser optimiser, bool recompute)
    {
        if (parsed.GetRequiredValue(_engine) == Torch)
        {
            return TorchChoice.OpenTraining(parsed.GetValue(_device), parsed.GetValue(_precision), optimiser, recompute);
        }

        return optimiser == TrainingOptimiser.AdamW
            ? new CpuTrainingEngineFactory(cpu, new TrainingOptions { Recompute = recompute })
            : throw new NasClusterException($"--optimiser is {optimiser.ToString().ToLowerInvariant()}; the CPU engine has adamw alone, the others need --engine {Torch}.");
    }

    /// <summary>How the CPU engine uses the processors.</summary>
    public CpuEngineOptions Cpu(ParseResult parsed) => new() { VectorPath = VectorOption.Path(parsed.GetRequiredValue(_vectors)) };
}
