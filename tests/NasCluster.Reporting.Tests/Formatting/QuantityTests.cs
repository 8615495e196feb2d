using NasCluster.Core.Search;
using NasCluster.Reporting.Formatting;

namespace NasCluster.Reporting.Tests.Formatting;

public class QuantityTests
{
    [Theory]
    [InlineData("parameters", 212_416, "212.4 K")]
    [InlineData("parameters", 6_738_415_616, "6.738 B")]
    [InlineData("parameters", 999, "999")]
    [InlineData("parameters", 999_990, "1.000 M")]
    [InlineData("parameters", 0, "0")]
    [InlineData("macs_per_token", 1_250_000, "1.250 M")]
    [InlineData("memory_bytes", 1536, "1.500 KiB")]
    [InlineData("memory_bytes", 512, "512 B")]
    [InlineData("memory_bytes", 13_476_831_232, "12.55 GiB")]
    [InlineData("latency_ms", 12.3456, "12.35 ms")]
    [InlineData("tokens_per_second", 5584.2, "5,584 /s")]
    [InlineData("perplexity", 3.15402, "3.154")]
    [InlineData("perplexity", 123456.78, "123,457")]
    [InlineData("perplexity", 1.5e12, "1.5e+12")]
    [InlineData("arc_challenge", 0.43, "0.4300")]
    [InlineData("loss", -1.1489828, "-1.149")]
    public void Human_Value_HasFourDigitsAndItsUnit(string objective, double value, string expected) =>
        Assert.Equal(expected, Quantity.Human(objective, value));

    [Theory]
    [InlineData("perplexity", 3.15402, 0.0412, "3.154 ± 0.041")]
    [InlineData("perplexity", 312.4, 15.2, "312 ± 15")]
    [InlineData("perplexity", 3.15402, 0.0999, "3.15 ± 0.10")]
    [InlineData("perplexity", 3.15402, 0, "3.154")]
    [InlineData("arc_challenge", 0.4312, 0.0144, "0.431 ± 0.014")]
    [InlineData("memory_bytes", 2097152, 104857.6, "2.00 ± 0.10 MiB")]
    [InlineData("latency_ms", 12.3456, 0.5, "12.35 ± 0.50 ms")]
    public void WithError_Value_EndsWhereTheErrorBegins(string objective, double value, double error, string expected) =>
        Assert.Equal(expected, Quantity.WithError(objective, new ObjectiveValue(value, error)));

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(8.44, "8.4 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7805, "2 h 10 min")]
    [InlineData(356_400, "4 d 03 h")]
    public void Duration_Span_HasItsTwoLargestUnits(double seconds, string expected) =>
        Assert.Equal(expected, Quantity.Duration(TimeSpan.FromSeconds(seconds)));
}
