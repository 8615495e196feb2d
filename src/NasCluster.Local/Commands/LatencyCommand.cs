using System.CommandLine;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Llama.Checkpoints;
using NasCluster.Local.Engines;
using NasCluster.Pipeline;
using NasCluster.Reporting;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary><c>nas latency</c>: measures how long layer options take on this machine, and how well the speed of networks made of them is predicted.</summary>
internal static class LatencyCommand
{
    private const int LeastChecked = 4;

    public static Command Create()
    {
        var file = new Argument<string?>("search.yaml") { Description = "The search whose networks are to be predicted; its model, space, data.window and measurement count.", Arity = ArgumentArity.ZeroOrOne, Validators = { OptionKinds.RefuseOption } };
        var model = OptionKinds.Text("--model", "DIR|FILE", "The checkpoint: a Hugging Face directory or a llama2.c .bin file.");
        var phase = OptionKinds.List("--phase", "PHASE,...", "What to measure: scoring, prefill, decode. Default: all of them.", Phase);
        var batch = OptionKinds.List("--batch", "N,...", "Sequences at once. Default: measurement.batch.", text => Number(text, 1, 65536));
        var tokens = OptionKinds.List("--tokens", "N,...", "Tokens of each sequence, in decoding those it begins with. Default: measurement.tokens.", text => Number(text, 2, 1 << 20));
        var check = OptionKinds.WholeNumber("--check", LeastChecked, 10000, "Networks to check predictions on, which the table is not worked out from. Default: 24.");
        var rounds = OptionKinds.WholeNumber("--rounds", 1, 1000, "How often every network is cut out and measured. Default: 7.");
        var set = OptionKinds.Settings("A key of search.yaml, such as --set space.mlp=[0.5,1.0] or --set measurement.repeats=7.");
        var output = OptionKinds.RequiredText("--out", "FILE", "The table, for measurement.table of search.yaml.");
        var format = OptionKinds.Word("--format", "text, or json for scripts.", "text", "json");
        var command = new Command("latency", "Measure a table of layer latencies, and how well it predicts whole networks.")
        {
            file, model, phase, batch, tokens, check, rounds, set, output, format,
        };
        var engines = new EngineOptions(command);
        command.SetAction(parsed =>
        {
            var phases = Given(parsed.GetValue(phase)) ?? [.. Enum.GetValues<MeasuredPhase>()];
            var overrides = (parsed.GetValue(model) is { } given ? new[] { new SpecOverride("model", given, "--model") } : [])
                .Append(new("objectives", $"[{string.Join(", ", phases.Select(ObjectiveOf))}]", "--phase"))
                .Concat((parsed.GetValue(set) ?? []).Select(SpecOptions.Setting)).ToArray();
            var (spec, plan, checkpoint) = Open(parsed.GetValue(file), overrides);
            using (checkpoint)
            {
                var protocol = EvaluatorOptions.From(spec, plan.Configuration).Measurement;
                var (batches, lengths) = (Given(parsed.GetValue(batch)) ?? [protocol.Batch], Given(parsed.GetValue(tokens)) ?? [protocol.Tokens]);
                var workloads = phases.SelectMany(p => batches.SelectMany(b => lengths.Select(t => new Workload(p, b, t))));
                var design = new LatencyDesign(plan.Configuration, LatencySpace.Of(plan), parsed.GetValue(check) ?? 24, (ulong)spec.Seed);
                if (design.HeldOut.Length < LeastChecked)
                {
                    throw new NasClusterException($"The space has {design.HeldOut.Length} networks to check predictions on; there must be at least {LeastChecked}. So few are measured one by one, without a table.");
                }

                using var network = engines.Choose(parsed, Environment.ProcessorCount).Load(checkpoint);
                var campaign = new LatencyCampaign(
                    network, design, new TableProtocol(protocol.NewTokens, protocol.WarmUp, protocol.Repeats, parsed.GetValue(rounds) ?? 7, spec.Seed), workloads, TimeProvider.System);
                return Measure(campaign, network.Info, parsed.GetRequiredValue(output), parsed.GetRequiredValue(format) == "json");
            }
        });
        return command;
    }

    private static int Measure(LatencyCampaign campaign, SuperNetworkInfo network, string output, bool json)
    {
        using var signals = new StopSignals();
        try
        {
            var table = campaign.Run(DeviceHardware.ClassOf(network), done => Say(done, campaign.Count, json), signals.Stopping);
            var text = LatencyTableJson.Write(table);
            ReplacedFile.Write(output, writer => writer.Write(text + "\n"));
            Console.Out.Write(json ? text + "\n" : LatencyText.Of(table));
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
        {
            Console.Error.WriteLine("nas: stopped; no table was written");
            return ExitCode.Stopped;
        }
    }

    private static (SearchSpec Spec, SearchPlan Plan, LlamaCheckpoint Checkpoint) Open(string? file, SpecOverride[] overrides)
    {
        var reading = file is null ? SearchSpecReader.Read("", overrides) : SearchSpecReader.ReadFile(file, overrides);
        var spec = SpecPaths.Resolve(reading.SpecOrThrow(file), file, overrides.Select(o => o.Key).ToHashSet(StringComparer.Ordinal));
        var checkpoint = LlamaCheckpoints.Open(spec.Model);
        try
        {
            return (spec, new SearchPlan(spec, checkpoint.Configuration), checkpoint);
        }
        catch (SpecificationException exception)
        {
            checkpoint.Dispose();
            throw new SpecificationException(file, reading.Locate(exception.Problems));
        }
    }

    private static void Say(int done, int count, bool json)
    {
        const int steps = 10;
        if (!json && done * steps / count != (done - 1) * steps / count)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"nas: {done} of {count} measurements"));
        }
    }

    // The library gives an empty list where an option is not there.
    private static T[]? Given<T>(T[]? values) => values is { Length: > 0 } ? values : null;

    private static string ObjectiveOf(MeasuredPhase phase) => phase switch
    {
        MeasuredPhase.Scoring => ObjectiveCatalog.LatencyMs.Name,
        MeasuredPhase.Prefill => ObjectiveCatalog.PrefillMs.Name,
        _ => ObjectiveCatalog.DecodeMs.Name,
    };

    private static (MeasuredPhase Value, string? Problem) Phase(string text) => Words.All<MeasuredPhase>().Contains(text)
        ? (Words.Parse<MeasuredPhase>(text), null)
        : (default, $"one of {string.Join(", ", Words.All<MeasuredPhase>())}");

    private static (int Value, string? Problem) Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? (number, null)
            : (0, $"a whole number in [{least}, {most}]");
}
