using NasCluster.Core.Search;

namespace NasCluster.Core.Evaluation;

/// <summary>Knows the identity of evaluations; neither weights nor token ids are needed for that.</summary>
public interface IEvaluationKeys
{
    /// <summary>The key a candidate's outcome is recorded under.</summary>
    EvaluationKey KeyOf(Candidate candidate);
}
