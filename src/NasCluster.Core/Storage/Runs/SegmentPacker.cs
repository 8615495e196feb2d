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
        var body = new ByteWriter();
        body.WriteBytes(tail.Body.Span);
        foreach (var record in records)
        {
            var frame = record.ToFrame();
            if (current.Count > 0 && body.Written.Length + frame.Length > segmentBytes)
            {
                segments.Add(current with { IsSealed = true, Body = body.Written.ToArray() });
                current = current with { Index = current.Index + 1, First = current.First + current.Count, Count = 0 };
                body = new ByteWriter();
            }

            body.WriteBytes(frame);
            current = current with { Count = current.Count + 1 };
        }

        segments.Add(current with { Body = body.Written.ToArray() });
        return segments;
    }
}
