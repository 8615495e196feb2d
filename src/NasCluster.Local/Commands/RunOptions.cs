using System.CommandLine;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Specification;
using NasCluster.Embedded.Storage;
using NasCluster.Llama.Engines;
using NasCluster.Local.Engines;
using NasCluster.Local.Runs;
using NasCluster.Pipeline;

namespace NasCluster.Local.Commands;

/// <summary>The options that <c>search</c> and <c>resume</c> share: how to use the machine and how to speak. None but the engine changes a result.</summary>
internal sealed class RunOptions
{
    // Far above any machine that runs one process; a slip of the keyboard must not start a million threads.
    private const int Most = 1024;

    private readonly Option<int?> _workers = OptionKinds.WholeNumber(
        "--workers", 1, Most, "Evaluations side by side. Default: one per processor, at most as many as a steady-state search keeps busy; one when speed is measured or the engine is torch.");

    private readonly Option<int?> _batch = OptionKinds.WholeNumber(
        "--batch", 1, Most, "The most candidates a worker takes at once; they share the work of their common leading layers. Default: 1.");

    private readonly Option<string?> _cache = OptionKinds.Text(
        "--cache", "FILE", "A file that remembers outcomes across searches, so that none is computed twice. Measured speeds are not remembered.");

    private readonly EngineOptions _engine;

    private readonly Option<string> _format = OptionKinds.Word("--format", "text, or json for scripts.", "text", "json");

    public RunOptions(Command command)
    {
        command.Add(_workers);
        command.Add(_batch);
        command.Add(_cache);
        _engine = new EngineOptions(command);
        command.Add(_format);
    }

    public SessionOptions Read(ParseResult parsed, string directory, SearchPlan plan, IEvaluationCache? cache) =>
        new(directory, Workers(parsed, plan), Batch(parsed), parsed.GetRequiredValue(_format) == "json", cache);

    /// <summary>The cache that was asked for; null where there is none, or where speed is measured, which no key identifies.</summary>
    /// <exception cref="NasClusterException">The file is no cache, or cannot be opened.</exception>
    public SqliteEvaluationCache? OpenCache(ParseResult parsed, SearchPlan plan) =>
        parsed.GetValue(_cache) is { } file && !plan.NeedsDeviceAlone ? SqliteEvaluationCache.Open(file) : null;

    /// <summary>The engine, with the machine's processors shared out among the workers.</summary>
    /// <exception cref="NasClusterException">It is not part of this build, or its device or library is not there.</exception>
    public ILlamaEngine ChooseEngine(ParseResult parsed, SearchPlan plan) =>
        _engine.Choose(parsed, Math.Max(1, Environment.ProcessorCount / Workers(parsed, plan)));

    /// <summary>Fails unless a search predicts speed from a table of this machine, or of none that it must be of.</summary>
    /// <exception cref="NasClusterException">It is of another; the message says in what.</exception>
    public static void CheckTable(LoadedSearch search)
    {
        if (search.Plan is { Table: { } table, Spec.Measurement.TableDevice: TableDevice.This })
        {
            table.CheckDevice(DeviceHardware.ClassOf(search.Network.Info));
        }
    }

    private int Workers(ParseResult parsed, SearchPlan plan) =>
        WorkerCount.Of(parsed.GetValue(_workers), Batch(parsed), plan, _engine.FillsDevice(parsed) ? 1 : Environment.ProcessorCount);

    private int Batch(ParseResult parsed) => parsed.GetValue(_batch) ?? 1;
}
