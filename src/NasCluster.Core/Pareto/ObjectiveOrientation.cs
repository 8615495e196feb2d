using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Core.Pareto;

/// <summary>The one place where maximising becomes minimising: such values change sign, exactly.</summary>
/// <param name="objectives">The objectives, in the order of their values.</param>
public sealed class ObjectiveOrientation(IReadOnlyList<Objective> objectives)
{
    private readonly bool[] _maximised = [.. objectives.Select(o => o.Direction == ObjectiveDirection.Maximise)];

    /// <summary>How many objectives there are.</summary>
    public int Count => _maximised.Length;

    /// <summary>Values as they are to be minimised, from values in their own direction.</summary>
    /// <exception cref="ArgumentException">There is not one value per objective.</exception>
    public double[] Minimised(IReadOnlyList<double> values)
    {
        if (values.Count != Count)
        {
            throw new ArgumentException(
                $"There are {values.Count} values; there must be one for each of {Count} objectives.", nameof(values));
        }

        var result = new double[Count];
        for (var k = 0; k < Count; k++)
        {
            result[k] = _maximised[k] ? -values[k] : values[k];
        }

        return result;
    }

    /// <summary>The value of one objective as it is to be minimised.</summary>
    /// <param name="objective">Which objective, from 0.</param>
    /// <param name="value">In its own direction.</param>
    public double Minimised(int objective, double value) => _maximised[objective] ? -value : value;

    /// <inheritdoc cref="Minimised(IReadOnlyList{double})"/>
    public double[] Minimised(ImmutableArray<ObjectiveValue> values) => Minimised([.. values.Select(v => v.Value)]);
}
