using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Storage.Runs;
using NasCluster.Testing;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Storage.Runs;

public class SegmentCodecTests(ITestOutputHelper output)
{
    private static readonly OutcomeRecord[] Outcomes =
    [
        RunSamples.Outcome(0),
        RunSamples.Outcome(49),
        new(2, new Trial(new TrialId(long.MaxValue), new Genome([0, 127, 128, int.MaxValue, -1])), new EvaluationKey("a key ünlike others"),
            EvaluationOutcome.Success([new(-0.0, double.Epsilon)], double.MaxValue), OutcomeSource.Remembered, DateTimeOffset.MaxValue),
        RunSamples.OutcomeOf(3, 3) with { Source = OutcomeSource.Parked, Outcome = EvaluationOutcome.Failed("lost five times 🦙") },
    ];

    private static readonly StartRecord[] Starts = [RunSamples.Start(0), RunSamples.Start(300)];

    /// <summary>What schema 1 wrote, and every later program must read. Never write this file anew: a change of layout is a new schema.</summary>
    [Fact]
    public void Decode_GoldenFileOfSchema1_IsReadAsItWasWritten()
    {
        var golden = File.ReadAllBytes(GoldenFile());

        var segment = SegmentCodec.Decode("golden", golden);

        Assert.Equal((7, 3L, "silo-3 of 2026", 1234L, true), (segment.Index, segment.Epoch, segment.Owner, segment.First, segment.IsSealed));
        Assert.Equal((1, 77L), (segment.Snapshot!.Slot, segment.Snapshot.Position));
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (byte)i), segment.Snapshot.Checksum.ToArray());
        var records = SegmentCodec.Records(segment);
        Assert.Equal(Outcomes, records.Where(r => r.Kind == RecordKind.Outcome).Select(RecordCodec.Outcome));
        Assert.Equal(Starts, records.Where(r => r.Kind == RecordKind.Start).Select(RecordCodec.Start));
        Assert.Equal(RunSamples.Point(5), RecordCodec.Point(Assert.Single(records, r => r.Kind == RecordKind.HypervolumePoint)));
        Assert.Equal(RunSamples.Snapshot(9), RecordCodec.Snapshot(Assert.Single(records, r => r.Kind == RecordKind.Snapshot)));
    }

    [Fact]
    public void Encode_Schema1_WritesTheGoldenFile() => Assert.Equal(File.ReadAllBytes(GoldenFile()), Sample());

    [Fact]
    public void Decode_NewerSchema_IsRefusedByName()
    {
        var bytes = Sample();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), SegmentCodec.Schema + 1);

        var exception = Assert.Throws<NasClusterException>(() => SegmentCodec.Decode("log-00000003", Summed(bytes)));

        Assert.Equal("Cell 'log-00000003' has schema 2, written by a newer program; this one reads schemas up to 1. Use a version at least as new.", exception.Message);
    }

    [Fact]
    public async Task RecoverAsync_LogOfANewerProgram_IsRefusedForGoodAndLeftAlone()
    {
        var cells = new MemoryStateCells();
        var bytes = Sample();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), SegmentCodec.Schema + 1);
        var version = await cells.WriteAsync("log-00000000", Summed(bytes), null, default);

        var exception = await Assert.ThrowsAsync<RunStoreException>(async () => await new CellRunStore(cells, "old").RecoverAsync(default));

        Assert.True(exception.IsPermanent);
        Assert.Contains("newer program", exception.Message, StringComparison.Ordinal);
        Assert.Equal(version, (await cells.ReadAsync("log-00000000", default))!.Version);
    }

    [Fact]
    public void Decode_AnyBitFlipped_IsRefused()
    {
        var bytes = Sample();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<NasClusterException>(() => SegmentCodec.Decode("cell", bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Decode_AnyLengthCutOff_IsRefused()
    {
        var bytes = Sample();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<NasClusterException>(() => SegmentCodec.Decode("cell", bytes.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Decode_Fuzzed_AcceptsOrRefusesInOneLine() => output.WriteLine(Fuzzer.Run([Sample(), SnapshotSample()], bytes => Parse(bytes)).ToString());

    /// <summary>With a checksum that matches whatever was done to the rest, so that the layout itself is put to the test.</summary>
    [Fact]
    public void Decode_FuzzedUnderAMatchingChecksum_AcceptsOrRefusesInOneLine()
    {
        var report = Fuzzer.Run([Sample(), SnapshotSample()], bytes => Parse(Summed(bytes)));

        output.WriteLine(report.ToString());
        Assert.True(report.Accepted > 0 && report.Refused > 0, report.ToString());
    }

    private static void Parse(byte[] bytes)
    {
        var segment = SegmentCodec.Decode("log-00000000", bytes);
        try
        {
            foreach (var record in SegmentCodec.Records(segment))
            {
                _ = record.Kind switch
                {
                    RecordKind.Start => (object)RecordCodec.Start(record),
                    RecordKind.Outcome => RecordCodec.Outcome(record),
                    RecordKind.HypervolumePoint => RecordCodec.Point(record),
                    RecordKind.Snapshot => RecordCodec.Snapshot(record),
                    _ => throw new InvalidDataException($"kind {record.Kind}"),
                };
            }
        }
        catch (InvalidDataException exception)
        {
            throw SegmentCodec.Damaged("log-00000000", exception.Message, exception);
        }
    }

    private static byte[] Sample()
    {
        LogRecord[] records =
        [
            .. Starts.Select(RecordCodec.Encode), .. Outcomes.Select(RecordCodec.Encode),
            RecordCodec.Encode(RunSamples.Point(5)), RecordCodec.Encode(RunSamples.Snapshot(9)),
        ];
        var mark = new SnapshotMark(1, 77, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        byte[] body = [.. records.SelectMany(record => record.ToFrame())];
        return SegmentCodec.Encode(new Segment(7, 3, "silo-3 of 2026", 1234, true, mark, records.Length, body));
    }

    private static byte[] SnapshotSample() =>
        SegmentCodec.Encode(new Segment(0, 1, "a", 0, false, null, 1, RecordCodec.Encode(RunSamples.Snapshot(3)).ToFrame()));

    private static byte[] Summed(byte[] bytes)
    {
        if (bytes.Length < SegmentCodec.ChecksumSize)
        {
            return bytes;
        }

        var copy = bytes.ToArray();
        SHA256.HashData(copy.AsSpan(..^SegmentCodec.ChecksumSize), copy.AsSpan(^SegmentCodec.ChecksumSize..));
        return copy;
    }

    private static string GoldenFile([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "segment-schema-1.golden");
}
