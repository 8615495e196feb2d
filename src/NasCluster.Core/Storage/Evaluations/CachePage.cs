using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Storage.Runs;

namespace NasCluster.Core.Storage.Evaluations;

/// <summary>A page of remembered outcomes.</summary>
/// <param name="number">How many pages were begun before it.</param>
internal sealed class CachePage(long number)
{
    private const string Writer = "cache";

    public long Number { get; } = number;

    /// <summary>The keys of its outcomes, in the order they came.</summary>
    public List<EvaluationKey> Keys { get; } = [];

    /// <summary>How many of them are in storage.</summary>
    public int Saved { get; set; }

    /// <summary>The bytes of its cell: a segment as a log has them, with the page's number in place of the epoch.</summary>
    public static byte[] Encode(long number, int slot, IReadOnlyCollection<KeyValuePair<EvaluationKey, EvaluationOutcome>> outcomes) =>
        SegmentCodec.Encode(new Segment(slot, number, Writer, 0, false, null, 1, RecordCodec.Encode(outcomes).ToFrame()));

    /// <summary>Reads a cell.</summary>
    /// <returns>Null when it is damaged, or a newer program wrote it: what it holds is only work to do again.</returns>
    public static (long Number, List<KeyValuePair<EvaluationKey, EvaluationOutcome>> Outcomes)? Decode(string cell, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var segment = SegmentCodec.Decode(cell, bytes);
            return SegmentCodec.Records(segment) is [{ Kind: RecordKind.RememberedOutcomes } only] ? (segment.Epoch, RecordCodec.Remembered(only)) : null;
        }
        catch (Exception exception) when (exception is NasClusterException or InvalidDataException)
        {
            return null;
        }
    }
}
