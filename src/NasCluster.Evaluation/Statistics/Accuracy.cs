using NasCluster.Core.Search;

namespace NasCluster.Evaluation.Statistics;

/// <summary>Shares of right answers.</summary>
public static class Accuracy
{
    /// <summary>A share with its binomial standard error, sqrt(p (1 - p) / (n - 1)); that of a single answer is 0.</summary>
    /// <param name="right">Right answers.</param>
    /// <param name="count">All answers, at least one.</param>
    public static ObjectiveValue Of(int right, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, count);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        var share = (double)right / count;
        return new ObjectiveValue(share, count == 1 ? 0 : Math.Sqrt(share * (1 - share) / (count - 1)));
    }

    /// <summary>The mean over tasks, each counting the same, with the standard error it has when their errors are independent: the root of the sum of their squares, by the number of tasks.</summary>
    /// <param name="tasks">One value per task, at least one.</param>
    public static ObjectiveValue Mean(IReadOnlyList<ObjectiveValue> tasks)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tasks.Count, nameof(tasks));
        return new(tasks.Sum(t => t.Value) / tasks.Count, Math.Sqrt(tasks.Sum(t => t.StandardError * t.StandardError)) / tasks.Count);
    }
}
