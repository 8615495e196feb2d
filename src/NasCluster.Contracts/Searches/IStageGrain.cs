namespace NasCluster.Contracts.Searches;

/// <summary>Carries out the stages around one search, one after the other, on a silo with its super-network. The key is the search's name.</summary>
/// <remarks>
/// Whoever wants a stage asks again and again until it is done. When the silo dies meanwhile, the next call finds another, which begins the
/// stage anew and comes to the same; when nobody has asked for a minute, it is given up.
/// </remarks>
public interface IStageGrain : IGrainWithStringKey
{
    /// <summary>Begins a stage, or goes on with it, and waits a moment for its end.</summary>
    /// <param name="stage">The stage, as the search's preparation and the stages before it left it. One that is under way for another text is given up.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="Core.NasClusterException">It cannot be carried out; the next call begins it anew.</exception>
    [ResponseTimeout("00:00:10")]
    Task<StageStanding> CarryOutAsync(string stage, CancellationToken cancellation);

    /// <summary>Gives up whatever is under way.</summary>
    [ResponseTimeout("00:00:10")]
    Task GiveUpAsync(CancellationToken cancellation);
}
