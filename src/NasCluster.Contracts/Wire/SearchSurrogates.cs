using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Contracts.Wire;

// How domain values cross the wire. Fields are numbered: a silo of another version skips what it does not know, so numbers are never
// used again for something else.

[GenerateSerializer, Immutable]
internal struct TrialSurrogate
{
    [Id(0)] public long Id;
    [Id(1)] public ImmutableArray<int> Genes;
}

[RegisterConverter]
internal sealed class TrialConverter : IConverter<Trial, TrialSurrogate>
{
    public Trial ConvertFromSurrogate(in TrialSurrogate surrogate) => new(new TrialId(surrogate.Id), new Genome(surrogate.Genes));

    public TrialSurrogate ConvertToSurrogate(in Trial value) => new() { Id = value.Id.Value, Genes = value.Genome.Genes };
}

[GenerateSerializer, Immutable]
internal struct EvaluationOutcomeSurrogate
{
    /// <summary>Value and standard error in turn.</summary>
    [Id(0)] public ImmutableArray<double> Values;
    [Id(1)] public double ConstraintViolation;
    [Id(2)] public string? Failure;
}

[RegisterConverter]
internal sealed class EvaluationOutcomeConverter : IConverter<EvaluationOutcome, EvaluationOutcomeSurrogate>
{
    public EvaluationOutcome ConvertFromSurrogate(in EvaluationOutcomeSurrogate surrogate)
    {
        if (surrogate.Failure is { } failure)
        {
            return EvaluationOutcome.Failed(failure);
        }

        var numbers = surrogate.Values;
        var values = ImmutableArray.CreateBuilder<ObjectiveValue>(numbers.Length / 2);
        for (var i = 0; i + 1 < numbers.Length; i += 2)
        {
            values.Add(new ObjectiveValue(numbers[i], numbers[i + 1]));
        }

        return EvaluationOutcome.Success(values.ToImmutable(), surrogate.ConstraintViolation);
    }

    public EvaluationOutcomeSurrogate ConvertToSurrogate(in EvaluationOutcome value)
    {
        var numbers = ImmutableArray.CreateBuilder<double>(2 * value.Values.Length);
        foreach (var objective in value.Values)
        {
            numbers.Add(objective.Value);
            numbers.Add(objective.StandardError);
        }

        return new() { Values = numbers.MoveToImmutable(), ConstraintViolation = value.ConstraintViolation, Failure = value.Failure };
    }
}

[GenerateSerializer, Immutable]
internal struct OutcomeRecordSurrogate
{
    [Id(0)] public long Sequence;
    [Id(1)] public Trial Trial;
    [Id(2)] public string Key;
    [Id(3)] public EvaluationOutcome Outcome;
    [Id(4)] public int Source;
    [Id(5)] public DateTimeOffset At;
}

[RegisterConverter]
internal sealed class OutcomeRecordConverter : IConverter<OutcomeRecord, OutcomeRecordSurrogate>
{
    public OutcomeRecord ConvertFromSurrogate(in OutcomeRecordSurrogate surrogate) =>
        new(surrogate.Sequence, surrogate.Trial, new EvaluationKey(surrogate.Key), surrogate.Outcome, (OutcomeSource)surrogate.Source, surrogate.At);

    public OutcomeRecordSurrogate ConvertToSurrogate(in OutcomeRecord value) => new()
    {
        Sequence = value.Sequence,
        Trial = value.Trial,
        Key = value.Key.Value,
        Outcome = value.Outcome,
        Source = (int)value.Source,
        At = value.At,
    };
}

[GenerateSerializer, Immutable]
internal struct ObjectiveSurrogate
{
    [Id(0)] public string Name;
    [Id(1)] public int Direction;
    [Id(2)] public int Kind;
}

[RegisterConverter]
internal sealed class ObjectiveConverter : IConverter<Objective, ObjectiveSurrogate>
{
    public Objective ConvertFromSurrogate(in ObjectiveSurrogate surrogate) =>
        new(surrogate.Name, (ObjectiveDirection)surrogate.Direction, (ObjectiveKind)surrogate.Kind);

    public ObjectiveSurrogate ConvertToSurrogate(in Objective value) =>
        new() { Name = value.Name, Direction = (int)value.Direction, Kind = (int)value.Kind };
}

[GenerateSerializer, Immutable]
internal struct HypervolumePointSurrogate
{
    [Id(0)] public long Sequence;
    [Id(1)] public long Evaluations;
    [Id(2)] public ImmutableArray<double> ReferencePoint;
    [Id(3)] public double Hypervolume;
}

[RegisterConverter]
internal sealed class HypervolumePointConverter : IConverter<HypervolumePoint, HypervolumePointSurrogate>
{
    public HypervolumePoint ConvertFromSurrogate(in HypervolumePointSurrogate surrogate) =>
        new(surrogate.Sequence, surrogate.Evaluations, surrogate.ReferencePoint, surrogate.Hypervolume);

    public HypervolumePointSurrogate ConvertToSurrogate(in HypervolumePoint value) =>
        new() { Sequence = value.Sequence, Evaluations = value.Evaluations, ReferencePoint = value.ReferencePoint, Hypervolume = value.Hypervolume };
}
