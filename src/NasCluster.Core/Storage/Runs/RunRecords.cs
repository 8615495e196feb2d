using NasCluster.Core.Control;

namespace NasCluster.Core.Storage.Runs;

/// <summary>The records of a run's log.</summary>
internal sealed record RunRecords(List<StartRecord> Starts, List<OutcomeRecord> Outcomes)
{
    /// <exception cref="NasClusterException">A record makes no sense.</exception>
    public static RunRecords Read(IReadOnlyList<Segment> chain)
    {
        var records = new RunRecords([], []);
        foreach (var (segment, record) in All("log", chain))
        {
            try
            {
                switch (record.Kind)
                {
                    case RecordKind.Start:
                        records.Starts.Add(RecordCodec.Start(record));
                        break;
                    case RecordKind.Outcome:
                        records.Outcomes.Add(RecordCodec.Outcome(record));
                        break;
                    default:
                        throw new InvalidDataException($"a record is of kind {(byte)record.Kind}, which is none of a log");
                }
            }
            catch (InvalidDataException exception)
            {
                throw SegmentCodec.Damaged(CellLog.NameOf("log", segment.Index), exception.Message, exception);
            }
        }

        return records;
    }

    /// <exception cref="NasClusterException">A record makes no sense.</exception>
    public static IEnumerable<HypervolumePoint> ReadHistory(IReadOnlyList<Segment> chain)
    {
        foreach (var (segment, record) in All("history", chain))
        {
            yield return PointOf(segment, record);
        }
    }

    /// <summary>The index of these records, which must keep the rules of a log.</summary>
    /// <exception cref="NasClusterException">They do not.</exception>
    public RunIndex ToIndex()
    {
        var index = new RunIndex();
        try
        {
            var all = index.NewOf(new SaveEffect(0, [.. Starts], [.. Outcomes], null));
            index.Add(all);
            return all.Records.Count == Starts.Count + Outcomes.Count
                ? index
                : throw new NasClusterException("The run is damaged: its log holds a record twice.");
        }
        catch (RunStoreException exception)
        {
            throw new NasClusterException($"The run is damaged, its log contradicts itself: {exception.Message}", exception);
        }
    }

    private static IEnumerable<(Segment Segment, LogRecord Record)> All(string prefix, IReadOnlyList<Segment> chain)
    {
        foreach (var segment in chain)
        {
            List<LogRecord> records;
            try
            {
                records = SegmentCodec.Records(segment);
            }
            catch (InvalidDataException exception)
            {
                throw SegmentCodec.Damaged(CellLog.NameOf(prefix, segment.Index), exception.Message, exception);
            }

            foreach (var record in records)
            {
                yield return (segment, record);
            }
        }
    }

    private static HypervolumePoint PointOf(Segment segment, LogRecord record)
    {
        try
        {
            return record.Kind == RecordKind.HypervolumePoint
                ? RecordCodec.Point(record)
                : throw new InvalidDataException($"a record is of kind {(byte)record.Kind}, which is none of a history");
        }
        catch (InvalidDataException exception)
        {
            throw SegmentCodec.Damaged(CellLog.NameOf("history", segment.Index), exception.Message, exception);
        }
    }
}
