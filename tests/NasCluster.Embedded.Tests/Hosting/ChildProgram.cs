using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Embedded.Hosting;
using NasCluster.Embedded.Storage;

namespace NasCluster.Embedded.Tests.Hosting;

/// <summary>What a child process of the tests runs: a search that creates its run directory or resumes it.</summary>
/// <remarks>Arguments: directory, budget, workers, milliseconds per evaluation. Prints <c>working</c> once it has recorded something.</remarks>
internal static class ChildProgram
{
    public static int Main(string[] arguments)
    {
        try
        {
            var numbers = arguments[1..].Select(a => int.Parse(a, CultureInfo.InvariantCulture)).ToArray();
            using var run = File.Exists(RunFiles.Database(arguments[0]))
                ? RunDirectory.Open(arguments[0], TimeProvider.System)
                : RunDirectory.Create(arguments[0], Samples.Specification, TimeProvider.System);
            using var evaluator = new SyntheticEvaluator { Delay = TimeSpan.FromMilliseconds(numbers[2]) };
            var host = new EmbeddedHost(
                TestSearch.Job(evaluator, numbers[0]), run.Store, new Announcer(), TestSearch.Options(numbers[1]), TimeProvider.System);
            return host.Run(CancellationToken.None) == FinishReason.Completed ? 0 : 2;
        }
        catch (NasClusterException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    private sealed class Announcer : ISearchObserver
    {
        private bool _isWorking;

        public void Started(IReadOnlyList<OutcomeRecord> recorded)
        {
        }

        public void OutcomesRecorded(ImmutableArray<OutcomeRecord> outcomes)
        {
            if (!_isWorking)
            {
                _isWorking = true;
                Console.WriteLine("working");
            }
        }

        public void HypervolumeChanged(HypervolumePoint point)
        {
        }

        public void Predicted(IReadOnlyList<Core.Prediction.PredictorFit> fits)
        {
        }

        public void Notice(string message) => Console.Error.WriteLine(message);

        public void Finished(FinishReason reason)
        {
        }
    }
}
