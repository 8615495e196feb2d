using System.Collections.Immutable;

namespace NasCluster.Core.Search;

/// <summary>The value of one objective.</summary>
/// <param name="Value">In the objective's own unit and direction; finite.</param>
/// <param name="StandardError">Standard error of the value; 0 when it is exact.</param>
public readonly record struct ObjectiveValue(double Value, double StandardError);

/// <summary>What came of a trial: a value per objective, or a failure with its reason.</summary>
public sealed class EvaluationOutcome : IEquatable<EvaluationOutcome>
{
    private EvaluationOutcome(ImmutableArray<ObjectiveValue> values, double constraintViolation, string? failure)
    {
        Values = values;
        ConstraintViolation = constraintViolation;
        Failure = failure;
    }

    /// <summary>One value per objective of the search, in its order; empty on failure.</summary>
    public ImmutableArray<ObjectiveValue> Values { get; }

    /// <summary>How far the constraints are broken, summed over them; 0 when all hold.</summary>
    public double ConstraintViolation { get; }

    /// <summary>Why there are no values; null on success.</summary>
    public string? Failure { get; }

    /// <summary>Whether there are values.</summary>
    public bool IsSuccess => Failure is null;

    /// <summary>An outcome with values.</summary>
    /// <param name="values">One per objective, in the search's order.</param>
    /// <param name="constraintViolation">0 when feasible, else how far from it.</param>
    /// <exception cref="ArgumentException">A value, error or the violation is not finite, or an error or the violation is negative.</exception>
    public static EvaluationOutcome Success(ImmutableArray<ObjectiveValue> values, double constraintViolation = 0)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value.Value) || !(value.StandardError >= 0) || !double.IsFinite(value.StandardError))
            {
                throw new ArgumentException($"Objective value {value.Value} with standard error {value.StandardError}: both must be finite.", nameof(values));
            }
        }

        if (!(constraintViolation >= 0) || !double.IsFinite(constraintViolation))
        {
            throw new ArgumentException($"Constraint violation is {constraintViolation}; it must be finite and not negative.", nameof(constraintViolation));
        }

        return new EvaluationOutcome(values, constraintViolation, null);
    }

    /// <summary>An outcome without values.</summary>
    /// <param name="reason">Why, in one line.</param>
    public static EvaluationOutcome Failed(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new EvaluationOutcome([], 0, reason);
    }

    /// <inheritdoc/>
    public bool Equals(EvaluationOutcome? other) =>
        other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan())
        && ConstraintViolation.Equals(other.ConstraintViolation) && Failure == other.Failure;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EvaluationOutcome);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Values.Length, Values.IsEmpty ? default : Values[0], ConstraintViolation, Failure);

    /// <inheritdoc/>
    public override string ToString() => Failure is null ? string.Join(", ", Values.Select(v => $"{v.Value}")) : $"failed: {Failure}";
}
