using NasCluster.Core.Control;

namespace NasCluster.Contracts.Evaluators;

/// <summary>Evaluates trials on one device of one silo. The key is made by <see cref="EvaluatorKey"/>.</summary>
/// <remarks>It is placed on the silo its key names and nowhere else, so that a device never holds a second copy of a super-network.</remarks>
public interface IEvaluatorGrain : IGrainWithStringKey
{
    /// <summary>Activates it; it announces itself to the directory from then on.</summary>
    Task BeginAsync(CancellationToken cancellation);

    /// <summary>Gives it work and returns at once; outcomes are reported to the search.</summary>
    /// <returns>Whether it took the work (or has it already); false when it is busy with another lease, or about to go.</returns>
    [ResponseTimeout("00:00:10")]
    Task<bool> DispatchAsync(Assignment assignment, CancellationToken cancellation);

    /// <summary>Has it drop a lease; it releases the lease once it is free, at once if it does not hold it.</summary>
    [ResponseTimeout("00:00:10")]
    Task RevokeAsync(string search, LeaseId lease, CancellationToken cancellation);

    /// <summary>Has it take no more work, and finish what it holds, or hand it back when the grace period is over. To be repeated until it is free.</summary>
    /// <param name="grace">How long it may take to finish, from the first such call on.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Whether it is free; it answers within a second or two.</returns>
    [ResponseTimeout("00:00:10")]
    Task<bool> DrainAsync(TimeSpan grace, CancellationToken cancellation);
}
