using NasCluster.Core.Evaluation;
using NasCluster.Core.Pareto;
using NasCluster.Core.Specification;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Pipeline;
using NasCluster.Testing;

namespace NasCluster.Torch.Tests;

/// <summary>The front that a search finds on one engine, scored again on the other.</summary>
public sealed class FrontAgreementTests
{
    private const string Model = "models/stories260K/stories260K.bin";
    private const string Text = "corpora/tinystories/tinystories_1k_split.txt";

    [NeedsTorchFact(Model, Text)]
    public void Score_FrontFoundOnTheCpuInSingle_KeepsItsHypervolume() => Assert.InRange(Kept(new TorchEngineOptions()), 0.9999, 1.0001);

    /// <summary>Within one per cent: with 8 bits for every weight the mean over tokens moves a little, and the perplexity with it.</summary>
    [NeedsTorchFact(Model, Text)]
    public void Score_FrontFoundOnTheCpuInBrainFloat_KeepsItsHypervolume() =>
        Assert.InRange(Kept(new TorchEngineOptions { Precision = TorchPrecision.Bfloat16 }), 0.99, 1.01);

    /// <summary>Hypervolume of the front's networks as Torch scores them, by that of the front as it was found.</summary>
    private static double Kept(TorchEngineOptions options)
    {
        var spec = new SearchSpec
        {
            Model = SharedData.PathOf(Model),
            Tokenizer = Path.Combine(Path.GetDirectoryName(SharedData.PathOf(Model))!, "tok512.model"),
            Data = new() { Text = SharedData.PathOf(Text), Separator = "<|endoftext|>", SearchShare = 1, SearchTokens = 4096, Window = 128 },
            Objectives = ["perplexity", "parameters"],
            Budget = new() { Evaluations = 150 },
            Algorithm = new() { Population = 25 },
        };
        using var found = Load(spec, new CpuEngine());
        using var again = Load(spec, new TorchEngine(options));
        var (archive, rescored) = (new ParetoArchive(found.Plan.Objectives), new ParetoArchive(found.Plan.Objectives));
        var search = found.Plan.CreateSearch(null);
        SearchDriver.Run(search, trial =>
        {
            var outcome = TrialBatch.Evaluate(found.Evaluator, found.Plan.Space, [trial], null, default)[0];
            archive.Insert(trial, outcome);
            return outcome;
        });
        foreach (var entry in archive.Front)
        {
            rescored.Insert(entry.Trial, TrialBatch.Evaluate(again.Evaluator, again.Plan.Space, [entry.Trial], null, default)[0]);
        }

        // A little worse than the worst of the front, so that its ends count.
        var volume = new Hypervolume(found.Plan.Objectives, [1.05 * archive.Front.Max(e => e.Outcome.Values[0].Value), 1.05 * archive.Front.Max(e => e.Outcome.Values[1].Value)]);
        Assert.True(archive.Count > 10);
        return volume.Of(rescored.Front) / volume.Of(archive.Front);
    }

    private static LoadedSearch Load(SearchSpec spec, ILlamaEngine engine) => LoadedSearch.Load(spec, _ => engine, TimeProvider.System);
}
