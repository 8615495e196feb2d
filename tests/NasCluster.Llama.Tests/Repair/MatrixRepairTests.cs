using System.Collections.Immutable;
using NasCluster.Llama.Repair;
using Xunit.Abstractions;

namespace NasCluster.Llama.Tests.Repair;

public sealed class MatrixRepairTests(ITestOutputHelper output)
{
    // 79 % of 96 channels: those of the greatest norm in the output.
    private static ImmutableArray<int> Kept(ToyLayer layer, double share = 0.79)
    {
        var statistics = layer.Statistics;
        double[] scores = [.. Enumerable.Range(0, layer.Channels).Select(c =>
            statistics.SumOfSquares[c] * Enumerable.Range(0, layer.Outputs).Sum(o => Math.Pow(layer.Weights[(o * layer.Channels) + c], 2)))];
        return [.. Enumerable.Range(0, layer.Channels).OrderByDescending(c => scores[c]).Take((int)Math.Round(share * layer.Channels)).Order()];
    }

    private static RepairedMatrix Repair(ToyLayer layer, ImmutableArray<int> kept, RepairOptions options) =>
        MatrixRepair.Repair("toy", layer.Weights, layer.Outputs, layer.Statistics, kept, options);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Repair_ToyLayer_OrdersTheMethodsAsThePaperDoes(int seed)
    {
        var layer = new ToyLayer(seed);
        var kept = Kept(layer);
        var damping = new Damping(0.1, DampingRule.OwnDiagonal);
        var exact = Repair(layer, kept, new RepairOptions()).Report;
        var exactDamped = Repair(layer, kept, new RepairOptions { Damping = damping }).Report.ErrorAfter;
        var admm = Repair(layer, kept, new RepairOptions { Method = RepairMethod.Admm }).Report.ErrorAfter;
        var raw = Repair(layer, kept, new RepairOptions { Method = RepairMethod.Admm, Variant = AdmmVariant.RawHessian }).Report.ErrorAfter;
        var inverted = Repair(layer, kept, new RepairOptions { Method = RepairMethod.Admm, Variant = AdmmVariant.InvertedMask }).Report.ErrorAfter;
        var bias = Repair(layer, kept, new RepairOptions { Method = RepairMethod.Bias }).Report.ErrorAfter;
        output.WriteLine($"none {exact.ErrorBefore:F3}, exact {exact.ErrorAfter:F3} (damped as ADMM {exactDamped:F3}), ADMM {admm:F3}, on raw H {raw:F3}, inverted mask {inverted:F3}, bias {bias:F3}");
    }
}
