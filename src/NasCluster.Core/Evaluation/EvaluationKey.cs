namespace NasCluster.Core.Evaluation;

/// <summary>The identity of an evaluation: SHA-256 over everything that decides its outcome, in lower-case hexadecimal.</summary>
/// <remarks>
/// That is the canonical architecture, channel and layer order, super-network fingerprint, evaluation-set fingerprint
/// (token ids and scored spans), objectives and task options, numerics version and precision; for measured objectives also
/// device class and protocol. Two evaluations with one key have one outcome, recorded once and remembered across searches.
/// </remarks>
/// <param name="Value">64 hexadecimal digits.</param>
public readonly record struct EvaluationKey(string Value)
{
    /// <summary>Which of some shards remembers it: the same on every machine.</summary>
    /// <param name="count">How many shards there are; at least 1.</param>
    public int Shard(int count)
    {
        var hash = 2166136261u; // FNV-1a, for a key may be any text, and a text's own hash differs between processes.
        foreach (var c in Value)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return (int)(hash % (uint)count);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
