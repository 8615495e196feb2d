using NasCluster.Core.Control;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Embedded.Hosting;

namespace NasCluster.Embedded.Tests.Hosting;

/// <summary>A real search of a real space, with a synthetic evaluator.</summary>
internal static class TestSearch
{
    private static readonly LlamaConfiguration Configuration = new()
    {
        VocabularySize = 32,
        HiddenSize = 16,
        HeadSize = 4,
        QueryHeadsPerKvHead = 1,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(4, 16), 8)],
        MaximumPositions = 64,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbeddings = true,
    };

    public static SearchJob Job(SyntheticEvaluator evaluator, int budget, AlgorithmOptions? by = null)
    {
        var space = new LlamaSpace(Configuration, LlamaSpaceOptions.Uniform(8, [4, 6, 8], [4, 8, 12, 16]));
        var algorithm = by ?? new Nsga2Options { PopulationSize = 20 };
        var options = new SearchOptions { Objectives = [.. evaluator.Objectives], Budget = budget, Seed = 11 };
        return new SearchJob(space, snapshot => snapshot is null
            ? Searches.Create(algorithm, options, space)
            : Searches.Restore(algorithm, options, space, snapshot), evaluator);
    }

    public static EmbeddedHostOptions Options(int workers = 2) => new()
    {
        WorkerCount = workers,
        TickInterval = TimeSpan.FromMilliseconds(20),
        Controller = new ControllerOptions
        {
            LeaseDuration = TimeSpan.FromMinutes(10),
            SnapshotEvery = 20,
            SaveRetryDelay = TimeSpan.FromMilliseconds(20),
        },
    };
}
