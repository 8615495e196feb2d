using System.Globalization;

namespace NasCluster.Testing.Fuzzing;

/// <summary>How hard to shake a parser, and what it may cost.</summary>
public sealed record FuzzOptions
{
    /// <summary>Mutated inputs. The environment variable NASCLUSTER_FUZZ sets another default, for long runs.</summary>
    public int Count { get; init; } = DefaultCount();

    /// <summary>Start of the generator: the same seed makes the same inputs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Text that means something to the format, such as its keys; inserted now and then.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>An input that takes longer is a hang. Generous, because test machines are busy.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes a parser may allocate whatever the size of the input.</summary>
    public long AllocationAllowance { get; init; } = 1 << 20;

    /// <summary>Bytes a parser may allocate, beyond the allowance, per byte of input.</summary>
    public int AllocationPerByte { get; init; } = 256;

    private static int DefaultCount() =>
        int.TryParse(Environment.GetEnvironmentVariable("NASCLUSTER_FUZZ"), CultureInfo.InvariantCulture, out var count) ? count : 3000;
}
