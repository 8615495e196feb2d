using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>A task of the evaluation harness under the name that a search gives it.</summary>
public sealed class NamedTask
{
    /// <summary>Names a task.</summary>
    /// <param name="name">What its objectives are named after.</param>
    /// <param name="task">What the harness calls it, which decides its metrics.</param>
    /// <param name="sets">Its set, or one for each subject.</param>
    public NamedTask(string name, string task, ImmutableArray<TaskSet> sets)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sets.Length, nameof(sets));
        Name = name;
        Task = task;
        Sets = sets;
        Requests = [.. sets.SelectMany(s => s.Requests)];
        using var hash = new CanonicalHash("nascluster harness task 1");
        hash.Add(task);
        foreach (var set in sets)
        {
            hash.Add(set.Name).Add(set.Fingerprint);
        }

        Fingerprint = hash.Finish();
    }

    /// <summary>What its objectives are named after.</summary>
    public string Name { get; }

    /// <summary>What the harness calls it.</summary>
    public string Task { get; }

    /// <summary>Its set, or one for each subject.</summary>
    public ImmutableArray<TaskSet> Sets { get; }

    /// <summary>The token sequences of all sets, in order.</summary>
    public ImmutableArray<ScoringRequest> Requests { get; }

    /// <summary>SHA-256 over the task's name and its sets', in lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>What a network's likelihoods amount to, by the names of objectives.</summary>
    /// <param name="likelihoods">One per request, in order.</param>
    /// <exception cref="NasClusterException">A likelihood is not a finite number.</exception>
    public IEnumerable<(string Objective, ObjectiveValue Value)> Score(ReadOnlySpan<LogLikelihood> likelihoods)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(likelihoods.Length, Requests.Length);
        var scores = new List<TaskScore>();
        foreach (var set in Sets)
        {
            scores.Add(set.Score(likelihoods[..set.Requests.Length]));
            likelihoods = likelihoods[set.Requests.Length..];
        }

        var whole = scores.Count == 1 ? scores[0] : TaskGroups.Score(scores).Single(g => g.Task == Task);
        return [.. HarnessTasks.MetricsOf(Task).Select(m => (Name + m.Suffix, whole[m.Metric].Objective))];
    }
}
