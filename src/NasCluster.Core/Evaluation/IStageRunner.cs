namespace NasCluster.Core.Evaluation;

/// <summary>Carries out the stages around searches in this process, beside what its devices evaluate.</summary>
public interface IStageRunner
{
    /// <summary>Carries out a stage, which may take hours; once more, it gives the same.</summary>
    /// <param name="stage">The stage, as the search's preparation and the stages before it left it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NasClusterException">The stage cannot be carried out, or not here.</exception>
    /// <exception cref="Storage.StateCellException">Storage did not answer.</exception>
    Task<StageResult> RunAsync(string stage, CancellationToken cancellation);
}

/// <summary>What a stage has left.</summary>
/// <param name="Content">SHA-256 of what it has stored for the search; null when there is nothing to be stored.</param>
/// <param name="Record">Its inputs, settings, times and scores, as JSON on one line.</param>
public sealed record StageResult(string? Content, string Record);
