using System.Globalization;
using NasCluster.Core;

namespace NasCluster.Benchmarks.Efficiency;

/// <summary>
/// What to compare: <c>efficiency [a|b|ab] [--instance N] [--seeds FIRST-LAST] [--algorithms KEY,...] [--most N] [--runs DIR [--stored]] [--picture FILE]</c>.
/// </summary>
internal sealed record EfficiencyArguments
{
    /// <summary>The shipped super-network's tabulated space.</summary>
    public bool OnSmallWorld { get; init; } = true;

    /// <summary>The made-up network of 32 layers.</summary>
    public bool OnLayered { get; init; } = true;

    /// <summary>Which made-up network.</summary>
    public ulong Instance { get; init; } = 1;

    /// <summary>The searches' seeds.</summary>
    public int FirstSeed { get; init; } = 1;

    /// <summary>The last of them.</summary>
    public int LastSeed { get; init; } = 20;

    /// <summary>Keys of the algorithms; empty: all.</summary>
    public string[] Algorithms { get; init; } = [];

    /// <summary>Evaluations at most, where the problem's own limit is not less.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>Where runs are kept, a file each: those that are there are read, so that a stopped comparison goes on. Null: nowhere.</summary>
    public string? Runs { get; init; }

    /// <summary>Nothing is run: of each algorithm those runs are shown that there are.</summary>
    public bool OnlyStored { get; init; }

    /// <summary>Where the picture goes; null: there is none, so that only who asks for it replaces one.</summary>
    public string? Picture { get; init; }

    /// <exception cref="NasClusterException">An argument is unknown or has no value.</exception>
    public static EfficiencyArguments Parse(string[] args)
    {
        var parsed = new EfficiencyArguments();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            parsed = name switch
            {
                "a" or "b" or "ab" => parsed with { OnSmallWorld = name.Contains('a', StringComparison.Ordinal), OnLayered = name.Contains('b', StringComparison.Ordinal) },
                "--instance" => parsed with { Instance = (ulong)Number(Value()) },
                "--seeds" when Value().Split('-') is [var first, var last] => parsed with { FirstSeed = Number(first), LastSeed = Number(last) },
                "--algorithms" => parsed with { Algorithms = Value().Split(',') },
                "--most" => parsed with { Most = Number(Value()) },
                "--runs" => parsed with { Runs = Value() },
                "--picture" => parsed with { Picture = Value() },
                "--stored" => parsed with { OnlyStored = true },
                _ => throw new NasClusterException($"efficiency does not know {name}; see {nameof(EfficiencyArguments)}."),
            };
            i += name is "a" or "b" or "ab" or "--stored" ? 0 : 1;

            string Value() => i + 1 < args.Length ? args[i + 1] : throw new NasClusterException($"efficiency: {name} needs a value.");
            int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new NasClusterException($"efficiency: {name} is {Value()}; it takes whole numbers.");
        }

        return parsed;
    }
}
