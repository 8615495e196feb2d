namespace NasCluster.Evaluation.Tasks.Markings;

/// <summary>What of a document is needed to mark a network's likelihoods of it, once its passages are encoded.</summary>
public abstract record TaskMarking
{
    private protected TaskMarking()
    {
    }

    /// <summary>Adds whatever decides the marks to a fingerprint.</summary>
    private protected abstract void AddTo(CanonicalHash hash);

    internal void Fingerprint(CanonicalHash hash) => AddTo(hash);
}
