using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Plots;

/// <summary>Which objectives a plot shows.</summary>
/// <param name="X">Index of the objective across; -1 for the trial's number, when there is but one objective.</param>
/// <param name="Y">Index of the objective upwards.</param>
internal readonly record struct PlotAxes(int X, int Y)
{
    /// <summary>What is gained upwards, what it costs across: the first scored objective against the first other one.</summary>
    public static PlotAxes Of(ImmutableArray<Objective> objectives, string? across = null, string? up = null)
    {
        if (objectives.IsDefaultOrEmpty)
        {
            throw new ArgumentException("A plot needs at least one objective.", nameof(objectives));
        }

        var y = up is not null ? Named(up) : First(o => o.Kind == ObjectiveKind.Scored && o.Name != across, _ => true);
        var x = across is not null ? Named(across) : First(o => o.Kind != ObjectiveKind.Scored && o != objectives[y], o => o != objectives[y]);
        return new PlotAxes(x, y);

        int First(Func<Objective, bool> best, Func<Objective, bool> good)
        {
            var found = objectives.Index().Where(o => best(o.Item)).Select(o => o.Index).Append(-1).First();
            return found >= 0 ? found : objectives.Index().Where(o => good(o.Item)).Select(o => o.Index).Append(-1).First();
        }

        int Named(string name) => objectives.Index().Where(o => o.Item.Name == name).Select(o => o.Index).Append(-1).First() is var index and >= 0
            ? index
            : throw new ArgumentException($"No objective is called '{name}'.", nameof(objectives));
    }

    public double AcrossOf(TrialId trial, ImmutableArray<ObjectiveValue> values) => X < 0 ? trial.Value : values[X].Value;

    public double AcrossErrorOf(ImmutableArray<ObjectiveValue> values) => X < 0 ? 0 : values[X].StandardError;

    public Axis AcrossAxis(ImmutableArray<Objective> objectives, IEnumerable<double> values, int mostTicks)
    {
        if (X >= 0)
        {
            return Axis.ForObjective(objectives[X], values, mostTicks);
        }

        return Axis.Fixed("trial", "trial", 0, Math.Max(1, values.DefaultIfEmpty().Max()), mostTicks);
    }
}
