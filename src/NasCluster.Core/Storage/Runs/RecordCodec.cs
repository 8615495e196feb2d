using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Storage.Runs;

/// <summary>The bytes of a run's records, in schema 1.</summary>
/// <remarks>Doubles are kept bit for bit, times as ticks in UTC. Readers throw <see cref="InvalidDataException"/> on what makes no sense.</remarks>
internal static class RecordCodec
{
    private const int BytesOfHexKey = 32;

    // A key and the values of three objectives.
    private const int BytesOfRemembered = 96;

    public static LogRecord Encode(StartRecord start)
    {
        var writer = new ByteWriter();
        writer.WriteCompact(start.Lease.Value);
        writer.WriteCompact(start.Trial.Value);
        writer.WriteText(start.Evaluator.Value);
        writer.WriteInt64(start.At.UtcTicks);
        return Record(RecordKind.Start, writer);
    }

    public static StartRecord Start(LogRecord record)
    {
        var reader = new ByteReader(record.Bytes.Span);
        var start = new StartRecord(
            new LeaseId(reader.ReadCompact()), new TrialId(reader.ReadCompact()), new EvaluatorId(reader.ReadText()), Time(ref reader));
        reader.End();
        return start;
    }

    public static LogRecord Encode(OutcomeRecord record)
    {
        var writer = new ByteWriter();
        writer.WriteCompact(record.Sequence);
        writer.WriteCompact(record.Trial.Id.Value);
        writer.WriteCompact(record.Trial.Genome.Genes.Length);
        foreach (var gene in record.Trial.Genome.Genes)
        {
            writer.WriteCompact((uint)gene);
        }

        WriteKey(writer, record.Key.Value);
        writer.WriteByte(record.Source switch
        {
            OutcomeSource.Evaluated => 0,
            OutcomeSource.Remembered => 1,
            OutcomeSource.Parked => 2,
            var other => throw new ArgumentException($"Outcome {record.Sequence} comes from {other}, which is no source.", nameof(record)),
        });
        writer.WriteInt64(record.At.UtcTicks);
        writer.WriteByte(record.Outcome.IsSuccess ? (byte)1 : (byte)0);
        if (record.Outcome.Failure is { } failure)
        {
            writer.WriteText(failure);
            return Record(RecordKind.Outcome, writer);
        }

        WriteSuccess(writer, record.Outcome);
        return Record(RecordKind.Outcome, writer);
    }

    public static OutcomeRecord Outcome(LogRecord record)
    {
        var reader = new ByteReader(record.Bytes.Span);
        var sequence = reader.ReadCompact();
        var trial = new Trial(new TrialId(reader.ReadCompact()), Genome(ref reader));
        var key = Key(ref reader);
        var source = reader.ReadByte() switch
        {
            0 => OutcomeSource.Evaluated,
            1 => OutcomeSource.Remembered,
            2 => OutcomeSource.Parked,
            var other => throw new InvalidDataException($"outcome {sequence} has source {other}"),
        };
        var at = Time(ref reader);
        EvaluationOutcome outcome;
        try
        {
            outcome = reader.ReadBoolean() ? Success(ref reader) : EvaluationOutcome.Failed(reader.ReadText());
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"outcome {sequence} makes no sense ({exception.Message})", exception);
        }

        reader.End();
        return new OutcomeRecord(sequence, trial, key, outcome, source, at);
    }

    /// <summary>What is remembered of evaluations that succeeded: all in one record, since a page of them is written whole again and again.</summary>
    public static LogRecord Encode(IReadOnlyCollection<KeyValuePair<EvaluationKey, EvaluationOutcome>> successes)
    {
        var writer = new ByteWriter(BytesOfRemembered * Math.Max(1, successes.Count));
        foreach (var (key, outcome) in successes)
        {
            WriteKey(writer, key.Value);
            WriteSuccess(writer, outcome);
        }

        return Record(RecordKind.RememberedOutcomes, writer);
    }

    public static List<KeyValuePair<EvaluationKey, EvaluationOutcome>> Remembered(LogRecord record)
    {
        var reader = new ByteReader(record.Bytes.Span);
        var successes = new List<KeyValuePair<EvaluationKey, EvaluationOutcome>>();
        while (reader.Remaining > 0)
        {
            var key = Key(ref reader);
            try
            {
                successes.Add(new(key, Success(ref reader)));
            }
            catch (ArgumentException exception)
            {
                throw new InvalidDataException($"what is remembered of {key} makes no sense ({exception.Message})", exception);
            }
        }

        return successes;
    }

    public static LogRecord Encode(HypervolumePoint point)
    {
        var writer = new ByteWriter();
        writer.WriteCompact(point.Sequence);
        writer.WriteCompact(point.Evaluations);
        writer.WriteDouble(point.Hypervolume);
        writer.WriteCompact(point.ReferencePoint.Length);
        foreach (var value in point.ReferencePoint)
        {
            writer.WriteDouble(value);
        }

        return Record(RecordKind.HypervolumePoint, writer);
    }

    public static HypervolumePoint Point(LogRecord record)
    {
        var reader = new ByteReader(record.Bytes.Span);
        var (sequence, evaluations, hypervolume) = (reader.ReadCompact(), reader.ReadCompact(), reader.ReadDouble());
        var reference = ImmutableArray.CreateBuilder<double>(reader.ReadCount(sizeof(double)));
        for (var i = 0; i < reference.Capacity; i++)
        {
            reference.Add(reader.ReadDouble());
        }

        reader.End();
        return new HypervolumePoint(sequence, evaluations, reference.MoveToImmutable(), hypervolume);
    }

    public static LogRecord Encode(ControllerSnapshot snapshot)
    {
        var writer = new ByteWriter();
        writer.WriteCompact(snapshot.Position);
        writer.WriteCompact(snapshot.NextLease);
        writer.WriteText(snapshot.Search.Algorithm);
        writer.WriteInt32(snapshot.Search.Version);
        writer.WriteCompact(snapshot.Search.Bytes.Length);
        writer.WriteBytes(snapshot.Search.Bytes.AsSpan());
        return Record(RecordKind.Snapshot, writer);
    }

    public static ControllerSnapshot Snapshot(LogRecord record)
    {
        var reader = new ByteReader(record.Bytes.Span);
        var (position, nextLease) = (reader.ReadCompact(), reader.ReadCompact());
        var (algorithm, version) = (reader.ReadText(), reader.ReadInt32());
        var bytes = ImmutableArray.Create(reader.ReadBytes(reader.ReadCount(1)));
        reader.End();
        return new ControllerSnapshot(position, nextLease, new SearchSnapshot(algorithm, version, bytes));
    }

    private static LogRecord Record(RecordKind kind, ByteWriter writer) => new(kind, writer.Written.ToArray());

    // Keys are SHA-256 in hexadecimal, kept in half the bytes; anything else is kept as it is.
    private static void WriteKey(ByteWriter writer, string key)
    {
        var isHash = key.Length == 2 * BytesOfHexKey && key.All(char.IsAsciiHexDigitLower);
        writer.WriteByte(isHash ? (byte)1 : (byte)0);
        if (isHash)
        {
            Span<byte> hash = stackalloc byte[BytesOfHexKey];
            Convert.FromHexString(key, hash, out _, out _);
            writer.WriteBytes(hash);
        }
        else
        {
            writer.WriteText(key);
        }
    }

    private static EvaluationKey Key(ref ByteReader reader) =>
        new(reader.ReadBoolean() ? Convert.ToHexStringLower(reader.ReadBytes(BytesOfHexKey)) : reader.ReadText());

    private static void WriteSuccess(ByteWriter writer, EvaluationOutcome outcome)
    {
        writer.WriteDouble(outcome.ConstraintViolation);
        writer.WriteCompact(outcome.Values.Length);
        foreach (var value in outcome.Values)
        {
            writer.WriteDouble(value.Value);
            writer.WriteDouble(value.StandardError);
        }
    }

    private static Genome Genome(ref ByteReader reader)
    {
        var genes = ImmutableArray.CreateBuilder<int>(reader.ReadCount(1));
        for (var i = 0; i < genes.Capacity; i++)
        {
            var gene = reader.ReadCompact();
            genes.Add(gene is >= 0 and <= uint.MaxValue ? (int)(uint)gene : throw new InvalidDataException($"gene {i} is {gene}"));
        }

        return new Genome(genes.MoveToImmutable());
    }

    private static EvaluationOutcome Success(ref ByteReader reader)
    {
        var violation = reader.ReadDouble();
        var values = ImmutableArray.CreateBuilder<ObjectiveValue>(reader.ReadCount(2 * sizeof(double)));
        for (var i = 0; i < values.Capacity; i++)
        {
            values.Add(new ObjectiveValue(reader.ReadDouble(), reader.ReadDouble()));
        }

        return EvaluationOutcome.Success(values.MoveToImmutable(), violation);
    }

    private static DateTimeOffset Time(ref ByteReader reader)
    {
        var ticks = reader.ReadInt64();
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new InvalidDataException($"{ticks} ticks are no time");
    }
}
