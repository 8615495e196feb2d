using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Prediction;

namespace NasCluster.Embedded.Hosting;

/// <summary>Watches a search that an <see cref="EmbeddedHost"/> runs.</summary>
/// <remarks>
/// Called on the host's loop, one call after another, in the order things happened. While a call lasts no work is handed out,
/// so it should be short. An exception it throws ends the run, as a failure of the host itself would.
/// </remarks>
public interface ISearchObserver
{
    /// <summary>The run begins; called once, before anything else.</summary>
    /// <param name="recorded">What the log holds already, in order; empty for a new run.</param>
    void Started(IReadOnlyList<OutcomeRecord> recorded);

    /// <summary>Outcomes are durable, and the search was told of them.</summary>
    /// <param name="outcomes">In the order of the log.</param>
    void OutcomesRecorded(ImmutableArray<OutcomeRecord> outcomes);

    /// <summary>The front improved.</summary>
    /// <param name="point">How good it is now.</param>
    void HypervolumeChanged(HypervolumePoint point);

    /// <summary>The search, one that predicts, proposed a round.</summary>
    /// <param name="fits">How well each objective that must be predicted was.</param>
    void Predicted(IReadOnlyList<PredictorFit> fits);

    /// <summary>Something worth a line of the log that needs no action.</summary>
    void Notice(string message);

    /// <summary>The run is over and everything is saved; nothing follows. Not called when the run fails.</summary>
    void Finished(FinishReason reason);
}
