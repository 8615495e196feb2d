using System.CommandLine;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Local.Runs;
using NasCluster.Pipeline;

namespace NasCluster.Local.Commands;

/// <summary>The options that <c>search</c> and <c>resume</c> share: how to use the machine and how to speak. None changes a result.</summary>
internal sealed class RunOptions
{
    private readonly Option<int> _workers = new("--workers")
    {
        Description = "Evaluations side by side. Default: one per processor, at most as many as a steady-state search keeps busy; one when speed is measured.",
        HelpName = "N",
        Validators = { WholeNumber },
    };

    private readonly Option<int> _batch = new("--batch")
    {
        Description = "The most candidates a worker takes at once; they share the work of their common leading layers.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        Validators = { WholeNumber },
    };

    private readonly Option<string?> _cache = new("--cache")
    {
        Description = "A file that remembers outcomes across searches, so that none is computed twice. Measured speeds are not remembered.",
        HelpName = "FILE",
    };

    private readonly Option<string> _vectors = EngineOptions.Vectors();

    private readonly Option<string> _format = new("--format") { Description = "text, or json for scripts.", DefaultValueFactory = _ => "text" };

    public RunOptions(Command command)
    {
        _format.AcceptOnlyFromAmong("text", "json");
        command.Add(_workers);
        command.Add(_batch);
        command.Add(_cache);
        command.Add(_vectors);
        command.Add(_format);
    }

    public SessionOptions Read(ParseResult parsed, string directory, SearchPlan plan) =>
        new(directory, Workers(parsed, plan), parsed.GetValue(_batch), parsed.GetRequiredValue(_format) == "json", parsed.GetValue(_cache));

    /// <summary>The CPU engine, with the machine's processors shared out among the workers.</summary>
    public CpuSuperNetwork CreateEngine(ParseResult parsed, LlamaCheckpoint checkpoint, SearchPlan plan) =>
        new(checkpoint, new CpuEngineOptions
        {
            Threads = Math.Max(1, Environment.ProcessorCount / Workers(parsed, plan)),
            VectorPath = EngineOptions.Path(parsed.GetRequiredValue(_vectors)),
        });

    private int Workers(ParseResult parsed, SearchPlan plan) =>
        WorkerCount.Of(parsed.GetValue(_workers) is var workers and > 0 ? workers : null, parsed.GetValue(_batch), plan, Environment.ProcessorCount);

    private static void WholeNumber(System.CommandLine.Parsing.OptionResult result)
    {
        if (result.GetValueOrDefault<int>() < 1)
        {
            result.AddError($"{result.Option.Name} is {result.GetValueOrDefault<int>()}; it must be at least 1.");
        }
    }
}
