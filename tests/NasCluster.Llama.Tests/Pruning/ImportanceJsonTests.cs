using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Pruning;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Pruning;

public sealed class ImportanceJsonTests
{
    private static readonly LlamaConfiguration Shape =
        RandomCheckpoint.Configuration(2, 4, 4, 1, 1, 3, 5) with { Layers = [new(1, 3), new(0, 1)] };

    private static readonly NetworkImportance Importance = new(
        ImportanceMeasure.TaylorGroup, [new([1.0 / 3], [1e-300, 2], [0, -1, 3], 0.1), new([], [], [double.Epsilon], 4)]);

    private const string Written =
        """{"measure":"taylor_group","layers":[{"layer":0.1,"kv_groups":[0.3333333333333333],"head_pairs":[1E-300,2],"mlp_channels":[0,-1,3]},{"layer":4,"kv_groups":[],"head_pairs":[],"mlp_channels":[5E-324]}]}""";

    [Fact]
    public void Write_Importance_IsOneLineThatReadsBackWithTheSameBits()
    {
        Assert.Equal(Written, ImportanceJson.Write(Importance));
        var read = ImportanceJson.Read(Written, Shape);
        Assert.Equal(Importance.Measure, read.Measure);
        Assert.Equal(Importance.Layers.SelectMany(Values), read.Layers.SelectMany(Values));

        static IEnumerable<double> Values(LayerImportance l) => [l.Layer, l.KvGroups.Length, .. l.KvGroups, l.HeadPairs.Length, .. l.HeadPairs, .. l.MlpChannels];
    }

    [Fact]
    public void Write_NotFinite_NamesThePlace() => Assert.Equal(
        "layers[1].mlp_channels[0] is NaN; importance must be finite.",
        Assert.Throws<NasClusterException>(() => ImportanceJson.Write(Importance with { Layers = Importance.Layers.SetItem(1, new([], [], [double.NaN], 4)) })).Message);

    [Theory]
    [InlineData(Written, "{", "The importance is not JSON at line 1, byte 2.")]
    [InlineData(Written, "[]", "The importance is []; it must be an object with just measure, layers.")]
    [InlineData("\"measure\"", "\"gauge\"", "The importance is Object; it must be an object with just measure, layers.")]
    [InlineData("taylor_group", "guess", "measure is \"guess\"; it must be one of magnitude, wanda, wifv, hessian, taylor, taylor_group.")]
    [InlineData("\"taylor_group\"", "3", "measure is 3; it must be one of magnitude, wanda, wifv, hessian, taylor, taylor_group.")]
    [InlineData(",{\"layer\":4,\"kv_groups\":[],\"head_pairs\":[],\"mlp_channels\":[5E-324]}", "", "layers is a list of 1; it must be a list of 2, one for each layer of the network.")]
    [InlineData("\"layer\":4,", "", "layers[1] is Object; it must be an object with just layer, kv_groups, head_pairs, mlp_channels.")]
    [InlineData("\"layer\":4,", "\"layer\":4,\"layer\":5,", "layers[1] is Object; it must be an object with just layer, kv_groups, head_pairs, mlp_channels.")]
    [InlineData("[0,-1,3]", "[0,-1]", "layers[0].mlp_channels is [0,-1]; it must be a list of 3.")]
    [InlineData("[0,-1,3]", "[0,null,3]", "layers[0].mlp_channels[1] is null; it must be a finite number.")]
    [InlineData("1E-300", "1E999", "layers[0].head_pairs[0] is 1E999; it must be a finite number.")]
    [InlineData("[0.3333333333333333]", "7", "layers[0].kv_groups is 7; it must be a list of 1.")]
    public void Read_SomethingElse_NamesPlaceAndRule(string replaced, string by, string message)
    {
        var text = Written.Replace(replaced, by, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<NasClusterException>(() => ImportanceJson.Read(text, Shape)).Message);
    }
}
