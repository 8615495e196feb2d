using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <summary>What the directory knows of an evaluator.</summary>
internal sealed class EvaluatorEntry(EvaluatorId id, long life, int batchSize)
{
    public EvaluatorId Id { get; } = id;

    public long Life { get; } = life;

    public int BatchSize { get; } = batchSize;

    /// <summary>Null until it announces itself: then only a search has spoken of it.</summary>
    public string? Silo { get; set; }

    /// <summary>Null if it serves any.</summary>
    public ImmutableArray<string>? Serves { get; private set; }

    public ImmutableArray<string> Loaded { get; set; } = [];

    public bool IsDraining { get; set; }

    public int InHand { get; set; }

    public EvaluatorTally Tally { get; set; }

    public TimeSpan LastHeard { get; set; }

    /// <summary>Who has it, or is to have it.</summary>
    public SearchEntry? Holder { get; set; }

    /// <summary>Whether the holder has been told of it: until then it can be taken back without asking.</summary>
    public bool IsDelivered { get; set; }

    public bool IsCalledBack { get; set; }

    public bool IsBusy { get; set; }

    /// <summary>Equal for evaluators that serve the same super-networks.</summary>
    public string Kind { get; private set; } = "";

    public bool IsFree => Holder is null && Silo is not null && !IsDraining;

    /// <summary>Sets what it serves.</summary>
    /// <returns>Whether that changed.</returns>
    public bool SetServes(ImmutableArray<string>? serves)
    {
        Serves = serves;
        var before = Kind;
        Kind = serves is { } some ? string.Join('\n', some.Order(StringComparer.Ordinal)) : "*";
        return Kind != before;
    }

    public bool CanServe(string superNetwork) => Serves is not { } some || some.Contains(superNetwork);

    public EvaluatorListing Listing() => new(Id, Silo, BatchSize, Loaded, IsDraining, Holder?.Id, IsCalledBack, IsBusy)
    {
        InHand = InHand,
        Tally = Tally,
    };
}
