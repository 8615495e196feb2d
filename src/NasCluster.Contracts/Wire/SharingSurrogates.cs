using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;

namespace NasCluster.Contracts.Wire;

[RegisterConverter]
internal sealed class SearchIdConverter : IConverter<SearchId, TextSurrogate>
{
    public SearchId ConvertFromSurrogate(in TextSurrogate surrogate) => new(surrogate.Value);

    public TextSurrogate ConvertToSurrogate(in SearchId value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable]
internal struct EvaluatorTallySurrogate
{
    [Id(0)] public long Evaluations;
    [Id(1)] public long Failed;
    [Id(2)] public TimeSpan Evaluating;
}

[RegisterConverter]
internal sealed class EvaluatorTallyConverter : IConverter<EvaluatorTally, EvaluatorTallySurrogate>
{
    public EvaluatorTally ConvertFromSurrogate(in EvaluatorTallySurrogate surrogate) => new(surrogate.Evaluations, surrogate.Failed, surrogate.Evaluating);

    public EvaluatorTallySurrogate ConvertToSurrogate(in EvaluatorTally value) =>
        new() { Evaluations = value.Evaluations, Failed = value.Failed, Evaluating = value.Evaluating };
}

[GenerateSerializer, Immutable]
internal struct EvaluatorAnnouncementSurrogate
{
    [Id(0)] public string Evaluator;
    [Id(1)] public long Life;
    [Id(2)] public string Silo;
    [Id(3)] public int BatchSize;
    [Id(4)] public ImmutableArray<string>? Serves;
    [Id(5)] public ImmutableArray<string> Loaded;
    [Id(6)] public bool IsDraining;
    [Id(7)] public int InHand;
    [Id(8)] public EvaluatorTally Tally;
}

[RegisterConverter]
internal sealed class EvaluatorAnnouncementConverter : IConverter<EvaluatorAnnouncement, EvaluatorAnnouncementSurrogate>
{
    public EvaluatorAnnouncement ConvertFromSurrogate(in EvaluatorAnnouncementSurrogate surrogate) => new(
        new EvaluatorId(surrogate.Evaluator), surrogate.Life, surrogate.Silo, surrogate.BatchSize, surrogate.Serves, surrogate.Loaded, surrogate.IsDraining)
    {
        InHand = surrogate.InHand,
        Tally = surrogate.Tally,
    };

    public EvaluatorAnnouncementSurrogate ConvertToSurrogate(in EvaluatorAnnouncement value) => new()
    {
        Evaluator = value.Evaluator.Value,
        Life = value.Life,
        Silo = value.Silo,
        BatchSize = value.BatchSize,
        Serves = value.Serves,
        Loaded = value.Loaded,
        IsDraining = value.IsDraining,
        InHand = value.InHand,
        Tally = value.Tally,
    };
}

[GenerateSerializer, Immutable]
internal struct LoanClaimSurrogate
{
    [Id(0)] public string Evaluator;
    [Id(1)] public long Life;
    [Id(2)] public int BatchSize;
    [Id(3)] public bool IsBusy;
}

[RegisterConverter]
internal sealed class LoanClaimConverter : IConverter<LoanClaim, LoanClaimSurrogate>
{
    public LoanClaim ConvertFromSurrogate(in LoanClaimSurrogate surrogate) =>
        new(new EvaluatorId(surrogate.Evaluator), surrogate.Life, surrogate.BatchSize, surrogate.IsBusy);

    public LoanClaimSurrogate ConvertToSurrogate(in LoanClaim value) =>
        new() { Evaluator = value.Evaluator.Value, Life = value.Life, BatchSize = value.BatchSize, IsBusy = value.IsBusy };
}

[GenerateSerializer, Immutable]
internal struct EnlistmentSurrogate
{
    [Id(0)] public string Search;
    [Id(1)] public long Number;
    [Id(2)] public double Weight;
    [Id(3)] public string SuperNetwork;
    [Id(4)] public int Wanted;
    [Id(5)] public ImmutableArray<LoanClaim> Held;
}

[RegisterConverter]
internal sealed class EnlistmentConverter : IConverter<Enlistment, EnlistmentSurrogate>
{
    public Enlistment ConvertFromSurrogate(in EnlistmentSurrogate surrogate) =>
        new(new SearchId(surrogate.Search), surrogate.Number, surrogate.Weight, surrogate.SuperNetwork, surrogate.Wanted, surrogate.Held);

    public EnlistmentSurrogate ConvertToSurrogate(in Enlistment value) => new()
    {
        Search = value.Search.Value,
        Number = value.Number,
        Weight = value.Weight,
        SuperNetwork = value.SuperNetwork,
        Wanted = value.Wanted,
        Held = value.Held,
    };
}

[GenerateSerializer, Immutable]
internal struct LoanSurrogate
{
    [Id(0)] public string Evaluator;
    [Id(1)] public long Life;
    [Id(2)] public int BatchSize;
    [Id(3)] public bool IsCalledBack;
}

[RegisterConverter]
internal sealed class LoanConverter : IConverter<Loan, LoanSurrogate>
{
    public Loan ConvertFromSurrogate(in LoanSurrogate surrogate) =>
        new(new EvaluatorId(surrogate.Evaluator), surrogate.Life, surrogate.BatchSize, surrogate.IsCalledBack);

    public LoanSurrogate ConvertToSurrogate(in Loan value) =>
        new() { Evaluator = value.Evaluator.Value, Life = value.Life, BatchSize = value.BatchSize, IsCalledBack = value.IsCalledBack };
}

[GenerateSerializer, Immutable]
internal struct LoanSheetSurrogate
{
    [Id(0)] public long Number;
    [Id(1)] public ImmutableArray<Loan> Loans;
}

[RegisterConverter]
internal sealed class LoanSheetConverter : IConverter<LoanSheet, LoanSheetSurrogate>
{
    public LoanSheet ConvertFromSurrogate(in LoanSheetSurrogate surrogate) => new(surrogate.Number, surrogate.Loans);

    public LoanSheetSurrogate ConvertToSurrogate(in LoanSheet value) => new() { Number = value.Number, Loans = value.Loans };
}

[GenerateSerializer, Immutable]
internal struct EvaluatorListingSurrogate
{
    [Id(0)] public string Evaluator;
    [Id(1)] public string? Silo;
    [Id(2)] public int BatchSize;
    [Id(3)] public ImmutableArray<string> Loaded;
    [Id(4)] public bool IsDraining;
    [Id(5)] public string? Search;
    [Id(6)] public bool IsCalledBack;
    [Id(7)] public bool IsBusy;
    [Id(8)] public int InHand;
    [Id(9)] public EvaluatorTally Tally;
}

[RegisterConverter]
internal sealed class EvaluatorListingConverter : IConverter<EvaluatorListing, EvaluatorListingSurrogate>
{
    public EvaluatorListing ConvertFromSurrogate(in EvaluatorListingSurrogate surrogate) => new(
        new EvaluatorId(surrogate.Evaluator),
        surrogate.Silo,
        surrogate.BatchSize,
        surrogate.Loaded,
        surrogate.IsDraining,
        surrogate.Search is { } search ? new SearchId(search) : null,
        surrogate.IsCalledBack,
        surrogate.IsBusy)
    {
        InHand = surrogate.InHand,
        Tally = surrogate.Tally,
    };

    public EvaluatorListingSurrogate ConvertToSurrogate(in EvaluatorListing value) => new()
    {
        Evaluator = value.Evaluator.Value,
        Silo = value.Silo,
        BatchSize = value.BatchSize,
        Loaded = value.Loaded,
        IsDraining = value.IsDraining,
        Search = value.Search?.Value,
        IsCalledBack = value.IsCalledBack,
        IsBusy = value.IsBusy,
        InHand = value.InHand,
        Tally = value.Tally,
    };
}
