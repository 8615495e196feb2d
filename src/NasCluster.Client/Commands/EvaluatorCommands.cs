using System.CommandLine;
using NasCluster.Client.Connection;

namespace NasCluster.Client.Commands;

/// <summary><c>nasctl evaluators</c>: who evaluates, and for whom.</summary>
internal static class EvaluatorCommands
{
    public static Command Create(ConnectionOptions connection)
    {
        var format = Formats.Option();
        var command = new Command("evaluators", "List the evaluators.") { format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, _) =>
        {
            var evaluators = await cluster.Evaluators.ListAsync(cancellation);
            Formats.Write(
                parsed.GetRequiredValue(format),
                ["evaluator", "state", "search", "batch", "in_hand", "evaluations", "failed", "seconds_evaluating", "super_networks_loaded"],
                evaluators.Select(e => new object?[]
                {
                    e.Evaluator.Value, Names.Of(e.Activity), e.Search?.Value, e.BatchSize, e.InHand, e.Tally.Evaluations, e.Tally.Failed,
                    Math.Round(e.Tally.Evaluating.TotalSeconds, 3), e.Loaded.Length,
                }));
            return ExitCode.Success;
        }));
        return command;
    }
}
