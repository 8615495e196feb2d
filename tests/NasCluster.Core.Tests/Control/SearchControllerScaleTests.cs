using NasCluster.Core.Control;
using NasCluster.Core.Search;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Control;

/// <summary>Runs alone: the processor time it looks at is the whole process's, with that of every test beside it.</summary>
[CollectionDefinition(nameof(SearchControllerScaleTests), DisableParallelization = true)]
[Collection(nameof(SearchControllerScaleTests))]
public sealed class SearchControllerScaleTests(ITestOutputHelper output)
{
    /// <summary>
    /// 10,000 trials on 1,000 evaluators, each trial lost once and every lease renewed ten times. It takes a fifth of a second; the bound
    /// still notices work that grows with the square of the trials.
    /// </summary>
    [Fact]
    public void Handle_TenThousandTrialsOnAThousandEvaluators_IsFast()
    {
        const int trials = 10_000;
        const int evaluators = 1_000;
        var run = new ControllerScript(new ListSearch([.. Enumerable.Range(0, trials)]));
        var work = new Queue<ControllerEffect>();
        var lostOnce = new HashSet<TrialId>();
        var events = 0;
        var finished = false;
        void Do(ControllerEffect[] effects)
        {
            events++;
            foreach (var effect in effects)
            {
                work.Enqueue(effect);
            }
        }

        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < evaluators; i++)
        {
            Do(run.Join($"e{i}", 4));
        }

        while (work.TryDequeue(out var effect))
        {
            switch (effect)
            {
                case SaveEffect save:
                    Do(run.Saved(save.Write));
                    break;
                case DispatchEffect dispatch:
                    for (var i = 0; i < 10; i++)
                    {
                        Do(run.Renew(dispatch.Lease.Value));
                    }

                    if (dispatch.Trials.All(trial => lostOnce.Add(trial.Id)))
                    {
                        Do(run.Lose(dispatch.Evaluator.Value));
                        Do(run.Join(dispatch.Evaluator.Value, 4));
                        break;
                    }

                    foreach (var trial in dispatch.Trials)
                    {
                        Do(run.Report(dispatch.Lease.Value, trial.Id.Value, 1.0 / (1 + trial.Id.Value)));
                    }

                    Do(run.Tick(0.001));
                    break;
                case FinishEffect:
                    finished = true;
                    break;
            }
        }

        // Processor time: a busy machine does not change it.
        var took = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{events} events in {took.TotalMilliseconds:F0} ms of processor time");
        Assert.True(finished);
        Assert.True(took < TimeSpan.FromSeconds(5), $"{events} events took {took}");
    }
}
