namespace NasCluster.Core.Control.Sharing;

/// <summary>What the directory knows of a search.</summary>
internal sealed class SearchEntry(SearchId id, long order)
{
    public SearchId Id { get; } = id;

    /// <summary>Place in the order of arrival, which breaks ties.</summary>
    public long Order { get; } = order;

    public double Weight { get; set; }

    public string SuperNetwork { get; set; } = "";

    public int Wanted { get; set; }

    public long Number { get; set; } = long.MinValue;

    public TimeSpan LastHeard { get; set; }

    /// <summary>What is lent to it, called back or not, by name.</summary>
    public SortedSet<EvaluatorEntry> Loans { get; } =
        new(Comparer<EvaluatorEntry>.Create((a, b) => string.CompareOrdinal(a.Id.Value, b.Id.Value)));

    /// <summary>How many of the loans are called back.</summary>
    public int CalledBack { get; set; }

    /// <summary>How many of the loans it may keep.</summary>
    public int Kept => Loans.Count - CalledBack;

    /// <summary>How many more it could put to work.</summary>
    public int Lacks => Math.Max(0, Wanted - Kept);

    /// <summary>How many evaluators it ought to have.</summary>
    public double Share { get; set; }

    /// <summary>The whole part of its share.</summary>
    public int Floor { get; set; }

    /// <summary>How many it ought to have for now: its share, rounded down or up.</summary>
    public int Target { get; set; }

    /// <summary>Until when it keeps the evaluator that its share covers only in part.</summary>
    public TimeSpan SliceEnd { get; set; }

    /// <summary>Evaluator-seconds that it got less than its share.</summary>
    public double Owed { get; set; }

    /// <summary>Whether its sheet changed since it was sent.</summary>
    public bool HasNews { get; set; }
}
