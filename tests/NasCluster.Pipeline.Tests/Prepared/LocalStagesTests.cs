using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Pipeline.Tests.Prepared;

public sealed class LocalStagesTests : IDisposable
{
    private static readonly Dictionary<string, Func<SearchSpec, SearchSpec>> Table = new()
    {
        ["pruning.keep"] = s => s with { Pruning = new PruningSpec { Keep = 0.8 } },
        ["pruning.importance"] = s => s with { Pruning = new PruningSpec { Importance = ImportanceName.Wanda } },
        ["pruning.keep, pruning.repair"] = s => s with { Pruning = new PruningSpec { Keep = 0.8, Repair = RepairName.Exact } },
        ["pruning.keep, pruning.repair, pruning.score"] = s => s with { Pruning = new PruningSpec { Keep = 0.8, Repair = RepairName.Exact, Score = ScoredState.Repaired } },
        ["pruning.keep, pruning.importance, pruning.policy_gradient.steps"] = s => s with
        {
            Pruning = new PruningSpec { Keep = 0.8, Importance = ImportanceName.Wanda, PolicyGradient = new PolicyGradientSpec { Steps = 5 } },
        },
        ["pruning.keep, pruning.importance"] = s => s with
        {
            Space = s.Space with { Kind = SpaceKind.Masks, Depth = [], Mlp = [] },
            Algorithm = s.Algorithm with { Name = AlgorithmName.MaskEvolution },
            Pruning = new PruningSpec { Keep = 0.8, Importance = ImportanceName.Wanda },
        },
    };

    private readonly ModelFolder _folder = new();

    public static TheoryData<string> Cases => [.. Table.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prepare_PruningStages_AreRefusedInOneSentenceThatNamesThem(string keys)
    {
        var spec = Table[keys](_folder.Spec) with { Data = _folder.Spec.Data with { CalibrationShare = 0.3 } };

        var failure = Assert.Throws<NasClusterException>(() => Prepare(spec));

        Assert.Contains($"before or after the search ({keys}); these run with nas on one machine only for now.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_SpecificationWithStages_IsRefusedToo()
    {
        var json = Prepare(_folder.Spec).Search.ToJson();
        var failure = Assert.Throws<NasClusterException>(() => PreparedSearch.FromJson(json, _ => _folder.Spec with { Pruning = new PruningSpec { Keep = 0.8 } }));
        Assert.Contains("(pruning.keep); these run with nas", failure.Message, StringComparison.Ordinal);
        Assert.Equal(_folder.Spec, PreparedSearch.FromJson(json, _ => _folder.Spec).Spec);
    }

    private SearchPreparation Prepare(SearchSpec spec) => SearchPreparation.Prepare(spec, "as the host writes it", SearchFiles.AsWrittenIn(spec), InfoOf);

    private static Core.SuperNetworks.SuperNetworkInfo InfoOf(LlamaCheckpoint checkpoint)
    {
        using var network = new CpuSuperNetwork(checkpoint);
        return network.Info;
    }
}
