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
    /// <inheritdoc/>
    public override string ToString() => Value;
}
