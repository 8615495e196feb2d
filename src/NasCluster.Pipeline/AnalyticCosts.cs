using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Pipeline;

/// <summary>
/// The analytic objectives of a search, from the shape of a sub-network alone: the values that its evaluators give, with nothing loaded. What is
/// predicted from a latency table is of that kind too.
/// </summary>
internal sealed class AnalyticCosts : IAnalyticObjectives
{
    private readonly LlamaConfiguration _configuration;
    private readonly IArchitectureSpace _space;
    private readonly Dictionary<string, Func<LlamaConfiguration, double>> _costs;
    private readonly ImmutableArray<ConstraintSpec> _constraints;

    public AnalyticCosts(SearchSpec spec, LlamaConfiguration configuration, IArchitectureSpace space, LatencyTable? table = null)
    {
        _configuration = configuration;
        _space = space;
        var options = EvaluatorOptions.From(spec, configuration, table);
        _constraints = options.Constraints;
        _costs = new(StringComparer.Ordinal)
        {
            [ObjectiveCatalog.Parameters.Name] = shape => CostModel.Parameters(shape),
            [ObjectiveCatalog.BlockParameters.Name] = shape => CostModel.BlockParameters(shape),
            [ObjectiveCatalog.MemoryBytes.Name] = shape => CostModel.MemoryBytes(shape, options.Weights),
            [ObjectiveCatalog.MacsPerToken.Name] = shape => CostModel.MacsPerToken(shape, options.Context),
            [ObjectiveCatalog.KvCacheBytes.Name] = shape => CostModel.KvCacheBytes(shape, options.Weights, options.Measurement.Batch, options.Context),
        };
        foreach (var objective in ObjectiveCatalog.BuiltIn.Where(o => o.Kind == ObjectiveKind.Measured && table is not null))
        {
            _costs[objective.Name] = shape => PredictedSpeed.Of(objective.Name, options, shape).Value;
        }
    }

    public bool Computes(Objective objective) => objective.Kind != ObjectiveKind.Scored && _costs.ContainsKey(objective.Name);

    public double Compute(Objective objective, Genome genome) => Cost(objective.Name, _configuration.Extract(_space.Decode(genome)));

    public double? Violation(Genome genome)
    {
        if (!_constraints.All(c => _costs.ContainsKey(c.Name)))
        {
            return null;
        }

        var shape = _configuration.Extract(_space.Decode(genome));
        return Evaluation.Violation.Of(_constraints, name => new ObjectiveValue(Cost(name, shape), 0));
    }

    private double Cost(string name, LlamaConfiguration shape) => _costs[name](shape);
}
