using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Hosting;

/// <summary>What an <see cref="EmbeddedHost"/> carries out.</summary>
/// <param name="Space">What genomes mean.</param>
/// <param name="CreateSearch">
/// Makes the search: a new one given null, else one restored from the snapshot. It may throw <see cref="NasClusterException"/>.
/// </param>
/// <param name="Evaluator">What every worker evaluates with. It stays the caller's, who disposes of it after the run.</param>
/// <param name="Cache">
/// Outcomes remembered across searches; null for none. Not for measured objectives, whose keys do not tell one machine from another.
/// </param>
public sealed record SearchJob(
    IArchitectureSpace Space, Func<SearchSnapshot?, ISearch> CreateSearch, IEvaluator Evaluator, IEvaluationCache? Cache = null);
