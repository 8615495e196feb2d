using NasCluster.Core.Architectures;

namespace NasCluster.Core.Evaluation;

/// <summary>Knows the identity of evaluations; neither weights nor token ids are needed for that.</summary>
public interface IEvaluationKeys
{
    /// <summary>The key an architecture's outcome is recorded under.</summary>
    EvaluationKey KeyOf(Architecture architecture);
}
