using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Evaluation.Texts;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Evaluation.Tests;

public sealed class EvaluationSetFileTests(ITestOutputHelper output)
{
    private const int SchemaPlace = 8;
    private static readonly LetterTokenizer Tokenizer = new();

    // Every field away from its default somewhere, and a token id of several bytes.
    private static readonly EvaluationSets Sets = new(
        TextSet.Create("abcdefghij", Tokenizer, new(4, 2, FirstTokenRule.Bos, "<|end|>", "\n", 9), "t"),
        [
            ChoiceSet.Create("quiz", [new(3, "A rather long question?", ["é", "yes", ""], 2), new(300, "B?", ["x", "yz"], 0)], Tokenizer, 26, true),
            ChoiceSet.Create("other", [new(1, "C?", ["x", "y"], 1)], Tokenizer, 64, false),
        ]);

    private static readonly string[] ShapeNames = ["all", "text", "tasks", "nothing", "skip", "apart", "harness"];

    public static TheoryData<string> Shapes => [.. ShapeNames];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Read_WhatWasWritten_IsTheSame(string shape)
    {
        var sets = Of(shape);

        var read = Read(EvaluationSetFile.ToBytes(sets));

        Assert.Equal(sets.Identity, read.Identity);
        Assert.Equal(sets.Text?.Protocol, read.Text?.Protocol);
        Assert.Equal(sets.Text?.TokenizerFingerprint, read.Text?.TokenizerFingerprint);
        Assert.Equal(sets.Text?.ScoredCount, read.Text?.ScoredCount);
        Assert.Equal(sets.Tasks.Select(t => (t.Name, t.QuestionCount, t.TruncatedCount)), read.Tasks.Select(t => (t.Name, t.QuestionCount, t.TruncatedCount)));
        Assert.Equal(Requests(sets), Requests(read));
        Assert.Equal(EvaluationSetFile.ToBytes(sets), EvaluationSetFile.ToBytes(read));
    }

    [Fact]
    public void Score_OfWhatWasRead_IsTheSameAndSoAreItsMessages()
    {
        var read = Read(EvaluationSetFile.ToBytes(Sets));
        var random = new Random(3);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var text = Likelihoods(Sets.Text!.Requests, random);
            Assert.Equal(Sets.Text.Score(text), read.Text!.Score(text));
            for (var task = 0; task < Sets.Tasks.Length; task++)
            {
                var choices = Likelihoods(Sets.Tasks[task].Requests, random);
                Assert.Equal(Sets.Tasks[task].Score(choices), read.Tasks[task].Score(choices));
            }
        }

        var bad = Likelihoods(Sets.Tasks[0].Requests, random);
        bad[3] = new LogLikelihood(double.NaN, false, []);
        Assert.Equal(
            Assert.Throws<NasClusterException>(() => Sets.Tasks[0].Score(bad)).Message,
            Assert.Throws<NasClusterException>(() => read.Tasks[0].Score(bad)).Message);
    }

    [Fact]
    public void Read_FileOfSchema1_HasTheSetsItWasMadeOf()
    {
        // Written once, by the first version: it must be read for ever. The last line holds while sets without tasks of the harness are written so.
        var golden = Golden();
        Assert.Equal(Sets.Identity, Read(golden).Identity);
        Assert.Equal(EvaluationSetFile.ToBytes(Sets), EvaluationSetFile.ToBytes(Read(golden)));
        Assert.Equal(golden, EvaluationSetFile.ToBytes(Sets));
    }

    [Fact]
    public void Read_NewerSchema_IsRefusedByName()
    {
        var file = EvaluationSetFile.ToBytes(Sets);
        file[SchemaPlace] = 3;
        Assert.Equal(
            "sets.bin has schema 3; this version reads up to 2. Use a newer version, or prepare the data again.",
            Assert.Throws<NasClusterException>(() => EvaluationSetFile.Read(new MemoryStream(file), "sets.bin")).Message);
    }

    [Fact]
    public void Read_AnythingFlippedOrCut_IsRefused()
    {
        var file = EvaluationSetFile.ToBytes(Of("tasks"));
        for (var place = 0; place < file.Length; place++)
        {
            var flipped = file.ToArray();
            flipped[place] ^= 1;
            Assert.Throws<NasClusterException>(() => Read(flipped));
            Assert.Throws<NasClusterException>(() => Read(file[..place]));
        }

        Assert.Throws<NasClusterException>(() => Read([.. file, 0]));
    }

    [Fact]
    public void Read_StreamInSmallPortions_IsReadWhole()
    {
        using var stream = new Trickle(EvaluationSetFile.ToBytes(Sets));
        Assert.Equal(Sets.Identity, EvaluationSetFile.Read(stream).Identity);
    }

    [Fact]
    public void Write_HalfASurrogatePair_IsRefused()
    {
        var sets = new EvaluationSets(TextSet.Create("abcd", Tokenizer, new(4, 4, FirstTokenRule.Bos, Join: "\ud800"), "t"), []);
        Assert.Contains("surrogate", Assert.Throws<NasClusterException>(() => EvaluationSetFile.ToBytes(sets)).Message, StringComparison.Ordinal);
    }

    /// <summary>3,000 damaged files, most of which the checksum stops; NASCLUSTER_FUZZ=100000 tries that many.</summary>
    [Fact]
    public void Read_Damaged_IsReadOrRefusedInOneLine() =>
        output.WriteLine(Fuzzer.Run(Seeds(), bytes => Read(bytes)).ToString());

    /// <summary>3,000 damaged files under a checksum that matches, so that what is behind it is shaken too.</summary>
    [Fact]
    public void Read_DamagedUnderItsChecksum_IsReadOrRefusedInOneLine()
    {
        var report = Fuzzer.Run(Seeds(), bytes => Read(Sealed(bytes)), new FuzzOptions { Words = ["\u007f", "\0", "NASEVSET"] });
        output.WriteLine(report.ToString());
        Assert.True(report.Accepted > 0);
    }

    private static byte[] Golden([CallerFilePath] string path = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, "Golden", "evaluation-sets-1.bin"));

    private static byte[][] Seeds() => [.. ShapeNames.Select(s => EvaluationSetFile.ToBytes(Of(s)))];

    private static byte[] Sealed(byte[] file)
    {
        var body = file[..Math.Max(0, file.Length - SHA256.HashSizeInBytes)];
        return [.. body, .. SHA256.HashData(body)];
    }

    private static EvaluationSets Of(string shape) => shape switch
    {
        "text" => Sets with { Tasks = [] },
        "tasks" => Sets with { Text = null },
        "harness" => HarnessSets.Sets,
        "nothing" => EvaluationSets.None,
        "skip" => new EvaluationSets(TextSet.Create("abcdefg", Tokenizer, new(3, 3, FirstTokenRule.Skip), "t"), []),
        "apart" => new EvaluationSets(
            TextSet.Create("abc<>defg", Tokenizer, new(3, 3, FirstTokenRule.Skip, "<>", Documents: DocumentRule.Apart), "t"), []),
        _ => Sets,
    };

    private static EvaluationSets Read(byte[] file) => EvaluationSetFile.Read(new MemoryStream(file));

    private static string[] Requests(EvaluationSets sets) =>
        [.. (sets.Text?.Requests ?? []).Concat(sets.Tasks.SelectMany(t => t.Requests)).Select(r => $"{string.Join(' ', r.TokenIds)} from {r.FirstScored}, {r.PerToken}")];

    private static LogLikelihood[] Likelihoods(ImmutableArray<ScoringRequest> requests, Random random) => [.. requests.Select(r =>
    {
        float[] each = [.. Enumerable.Range(0, r.ScoredCount).Select(_ => -random.NextSingle() * 5)];
        return new LogLikelihood(each.Sum(e => (double)e), false, r.PerToken ? [.. each] : []);
    })];

    /// <summary>Gives one byte at a time and cannot seek, as a store's stream may.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override void CopyTo(Stream destination, int bufferSize)
        {
            for (var next = ReadByte(); next >= 0; next = ReadByte())
            {
                destination.WriteByte((byte)next);
            }
        }
    }
}
