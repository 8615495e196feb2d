using System.Globalization;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Pruning;
using NasCluster.Llama.Repair;
using NasCluster.Llama.Tests.Pruning;
using NasCluster.Llama.Tokenizers;
using NasCluster.Llama.Training;
using NasCluster.Testing;
using Xunit.Abstractions;

namespace NasCluster.Llama.Tests.Repair;

/// <summary>What importance and repair are worth on a network that somebody trained; calibrated and reported on stories that differ.</summary>
public sealed class StoriesRepairTests(ITestOutputHelper output)
{
    private const string Model = "models/stories260K/stories260K.bin";
    private const string Vocabulary = "models/stories260K/tok512.model";
    private const string Stories = "corpora/tinystories/tinystories_1k_split.txt";

    // The first is the default, the second next to none.
    private static readonly Damping[] Dampings = [new(0.01), new(1e-6), new(1e-4), new(1e-3), new(0.1), new(0.01, DampingRule.OwnDiagonal), new(0.1, DampingRule.OwnDiagonal)];

    [SharedDataFact(Model, Vocabulary, Stories)]
    public void Of_StoriesWithFourFifthsOfTheChannels_LosesLessByRepairWhateverTheImportance()
    {
        using var checkpoint = LlamaCheckpoints.Open(SharedData.PathOf(Model));
        var network = checkpoint.Configuration;
        var (calibration, report) = Texts();
        var statistics = CalibrationPass.Gather(checkpoint, calibration, new CalibrationOptions { Grams = GramInputs.All });
        using var trainable = new TrainableNetwork(checkpoint);
        var whole = Perplexity(checkpoint, report);
        output.WriteLine(Invariant($"{statistics.Tokens} calibration tokens; {report.Sum(r => r.ScoredCount)} report tokens; whole network {whole:F4}"));
        foreach (var measure in Enum.GetValues<ImportanceMeasure>())
        {
            var importance = measure is ImportanceMeasure.Taylor or ImportanceMeasure.TaylorGroup
                ? TaylorImportance.Measure(trainable, calibration, measure)
                : WeightImportance.Measure(checkpoint, statistics, new ImportanceOptions { Measure = measure });
            var architecture = TopShares.Of(network, importance, new KeepShares(0.8));
            var none = Repaired(architecture, new RepairOptions { Method = RepairMethod.None });
            var exact = Repaired(architecture, new RepairOptions());
            var admm = Repaired(architecture, new RepairOptions { Method = RepairMethod.Admm });
            output.WriteLine(Invariant($"{measure,-12} none {none:F4}  exact {exact:F4}  ADMM {admm:F4}"));
            Assert.InRange(exact, whole, none - (0.2 * (none - whole)));
            Assert.InRange(admm, whole, none - (0.2 * (none - whole)));
        }

        double Repaired(Architecture architecture, RepairOptions options)
        {
            using var repaired = RepairedNetwork.Of(checkpoint, architecture, statistics, options).Checkpoint;
            return Perplexity(repaired, report);
        }
    }

    [SharedDataFact(Model, Vocabulary, Stories)]
    public void Of_DampingOfStories_MattersOnlyWhereThereAreFewTokens()
    {
        using var checkpoint = LlamaCheckpoints.Open(SharedData.PathOf(Model));
        var (calibration, report) = Texts();
        foreach (var sequences in new[] { calibration, calibration[..1] })
        {
            var statistics = CalibrationPass.Gather(checkpoint, sequences, new CalibrationOptions { LeastTokens = 1 });
            var importance = WeightImportance.Measure(checkpoint, statistics, new ImportanceOptions { Measure = ImportanceMeasure.Wanda });
            foreach (var shares in new[] { new KeepShares(0.8), new KeepShares(0.5), new KeepShares(0.8, 0.75) })
            {
                var architecture = TopShares.Of(checkpoint.Configuration, importance, shares);
                double[] figures = [.. Dampings.Select(damping => Repaired(architecture, new RepairOptions { Damping = damping }))];
                var none = Repaired(architecture, new RepairOptions { Method = RepairMethod.None });
                var shown = Dampings.Zip(figures, (d, f) => Invariant($"{d.Share}{(d.Rule == DampingRule.OwnDiagonal ? " own" : "")}: {f:F3}"));
                output.WriteLine(Invariant($"{statistics.Tokens} tokens, MLP {shares.MlpChannels} KV {shares.KvGroups}, none {none:F3}; {string.Join(", ", shown)}"));
                Assert.All(figures, f => Assert.InRange(f, 1, none));
                if (sequences == calibration)
                {
                    Assert.Equal(1, figures[1] / figures[0], 0.01);
                }
            }

            double Repaired(Architecture architecture, RepairOptions options)
            {
                using var repaired = RepairedNetwork.Of(checkpoint, architecture, statistics, options).Checkpoint;
                return Perplexity(repaired, report);
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static (ScoringRequest[][] Calibration, ScoringRequest[] Report) Texts()
    {
        var tokenizer = SentencePieceTokenizer.Open(SharedData.PathOf(Vocabulary));
        ScoringRequest[] stories = [.. File.ReadAllText(SharedData.PathOf(Stories)).Split("<|endoftext|>", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Take(224).Select(story => new ScoringRequest([tokenizer.BeginningOfSequence!.Value, .. tokenizer.Encode(story).Take(256)], 1))];
        return ([.. stories[..64].Chunk(4)], stories[128..]);
    }

    private static double Perplexity(LlamaCheckpoint checkpoint, ScoringRequest[] report)
    {
        using var engine = new CpuSuperNetwork(checkpoint);
        return Math.Exp(-engine.Score([checkpoint.Configuration.FullArchitecture], report, default)[0].Sum(s => s.Sum) / report.Sum(r => r.ScoredCount));
    }
}
