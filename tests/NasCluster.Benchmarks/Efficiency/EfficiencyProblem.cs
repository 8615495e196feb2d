using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;

namespace NasCluster.Benchmarks.Efficiency;

/// <summary>A problem with a reference front: how good a front is, is its hypervolume as a share of that front's.</summary>
internal sealed class EfficiencyProblem : IAnalyticObjectives
{
    /// <summary>How far the reference point lies beyond the worst of the reference front, as a share of the front's extent.</summary>
    private const double Beyond = 0.1;

    private readonly Func<Genome, EvaluationOutcome> _evaluate;
    private readonly double _volume;

    public EfficiencyProblem(
        string name, LlamaSpace space, ImmutableArray<Objective> objectives, Func<Genome, EvaluationOutcome> evaluate, ParetoArchive reference)
    {
        Name = name;
        Space = space;
        Objectives = objectives;
        _evaluate = evaluate;
        double[][] front = [.. reference.Front.Select(e => e.Outcome.Values.Select(v => v.Value).ToArray())];
        double[] point = [.. objectives.Select((o, k) =>
        {
            var (least, most) = (front.Min(v => v[k]), front.Max(v => v[k]));
            return o.Direction == ObjectiveDirection.Minimise ? most + (Beyond * (most - least)) : least - (Beyond * (most - least));
        })];
        Hypervolume = new Hypervolume(objectives, point);
        _volume = Hypervolume.Of(reference.Front);
        FrontSize = reference.Count;
    }

    public string Name { get; }

    public LlamaSpace Space { get; }

    public ImmutableArray<Objective> Objectives { get; }

    public Hypervolume Hypervolume { get; }

    public int FrontSize { get; }

    public EvaluationOutcome Evaluate(Genome genome) => _evaluate(genome);

    /// <summary>A front's hypervolume as a share of the reference front's.</summary>
    public double Share(ParetoArchive front) => Hypervolume.Of(front.Front) / _volume;

    public bool Computes(Objective objective) => objective.Kind == ObjectiveKind.Analytic;

    public double Compute(Objective objective, Genome genome) => _evaluate(genome).Values[Objectives.IndexOf(objective)].Value;

    public double? Violation(Genome genome) => 0;
}
