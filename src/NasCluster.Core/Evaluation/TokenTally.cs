namespace NasCluster.Core.Evaluation;

/// <summary>Passes on how many tokens an evaluator has scored since it was last asked.</summary>
/// <remarks>Made before the work begins. Safe to call from any thread: progress comes from whichever works.</remarks>
/// <param name="evaluator">Who scores; it may have worked before.</param>
/// <param name="scored">Told how many tokens came in addition; never of none.</param>
public sealed class TokenTally(IEvaluator evaluator, Action<long> scored)
{
    private readonly Lock _lock = new();
    private long _counted = evaluator.TokensScored;

    /// <summary>Counts what came in addition.</summary>
    public void Count()
    {
        lock (_lock)
        {
            var all = evaluator.TokensScored;
            if (all > _counted)
            {
                scored(all - _counted);
                _counted = all;
            }
        }
    }
}
