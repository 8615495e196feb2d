namespace NasCluster.Core.Storage.Runs;

/// <summary>Distributes records over segments.</summary>
internal static class SegmentPacker
{
    /// <summary>Appends records to a tail, and begins further segments where they do not fit.</summary>
    /// <param name="tail">The segment to append to.</param>
    /// <param name="records">The records, in order.</param>
    /// <param name="segmentBytes">How many bytes of records a segment may have; a record that is larger has one to itself.</param>
    /// <returns>The tail with what it took in, then the further segments; all but the last sealed.</returns>
    public static List<Segment> Pack(Segment tail, IReadOnlyList<LogRecord> records, int segmentBytes)
    {
        var segments = new List<Segment>();
        var current = tail;
        var frames = new List<byte[]>();
        var length = tail.Body.Length;
        foreach (var record in records)
        {
            var frame = record.ToFrame();
            if (current.Count > 0 && length + frame.Length > segmentBytes)
            {
                segments.Add(current with { IsSealed = true, Body = Join(current.Body, frames, length) });
                current = current with { Index = current.Index + 1, First = current.First + current.Count, Count = 0, Body = ReadOnlyMemory<byte>.Empty };
                frames.Clear();
                length = 0;
            }

            frames.Add(frame);
            length += frame.Length;
            current = current with { Count = current.Count + 1 };
        }

        segments.Add(current with { Body = Join(current.Body, frames, length) });
        return segments;
    }

    /// <summary>Copies once: a tail is written for every commit, and is large beside what a commit adds.</summary>
    private static byte[] Join(ReadOnlyMemory<byte> body, List<byte[]> frames, int length)
    {
        var joined = GC.AllocateUninitializedArray<byte>(length);
        body.CopyTo(joined);
        var at = body.Length;
        foreach (var frame in frames)
        {
            frame.CopyTo(joined, at);
            at += frame.Length;
        }

        return joined;
    }
}
