using System.Collections.Immutable;

namespace NasCluster.Core.Storage.Contents;

/// <summary>Who is storing contents, which of them are accounted for, and which deletion is under way; a value, changed by replacing it.</summary>
/// <remarks>
/// <para>
/// It keeps a deletion from taking what somebody is about to use. Whoever stores contents, or starts a search on stored ones, holds them all
/// from before he first looks until what refers to them is recorded; a deletion begins only while nobody holds, and while it lasts nobody
/// gets a hold. So whatever a deletion finds nobody to refer to, nobody is about to refer to.
/// </para>
/// <para>
/// A hold that is not renewed ends by itself, or a client that died would keep everything for ever. One that only slept may then go on
/// storing in vain: so contents are admitted before they are stored, a deletion forgets all but what is referred to, and only contents
/// admitted since may get a name. Chunks are shared among contents and nobody can list those, so whether a content that is there may be
/// relied on to have all its chunks is asked here as well: one never admitted, or deleted since, is stored again from its first chunk.
/// </para>
/// <para>Replaced under the version it was read with, it is safe even where two hosts take themselves for the only one.</para>
/// </remarks>
public sealed record ContentLedger
{
    /// <summary>How long a hold lasts unless renewed; many times the pause between two renewals.</summary>
    public static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

    /// <summary>Contents that every deletion takes into account: they are whole, or being stored.</summary>
    public ImmutableHashSet<string> Known { get; init; } = [];

    /// <summary>Who holds.</summary>
    public ImmutableArray<ContentHold> Holds { get; init; } = [];

    /// <summary>The deletion under way; null for none.</summary>
    public ContentDeletion? Deletion { get; init; }

    /// <summary>The number of the latest hold.</summary>
    public long LastHold { get; init; }

    /// <summary>Begins a hold, numbered <see cref="LastHold"/>.</summary>
    /// <exception cref="NasClusterException">A deletion is under way.</exception>
    public ContentLedger Hold(DateTimeOffset now)
    {
        ThrowIfDeleting();
        return this with { Holds = [.. Open(now), new ContentHold(LastHold + 1, now + HoldTime)], LastHold = LastHold + 1 };
    }

    /// <summary>Goes on with a hold.</summary>
    /// <exception cref="NasClusterException">It has ended.</exception>
    public ContentLedger Renew(long hold, DateTimeOffset now) => IsHeld(hold, now)
        ? this with { Holds = [.. Open(now).Select(h => h.Id == hold ? h with { Until = now + HoldTime } : h)] }
        : throw new NasClusterException($"This upload or start has said nothing for {HoldTime.TotalMinutes} minutes, and what it stored may be gone. Do it again; what is there is not sent again.");

    /// <summary>Ends a hold.</summary>
    public ContentLedger Release(long hold, DateTimeOffset now) => this with { Holds = [.. Open(now).Where(h => h.Id != hold)] };

    /// <summary>Whether a hold has lasted until now.</summary>
    public bool IsHeld(long hold, DateTimeOffset now) => Open(now).Any(h => h.Id == hold);

    /// <summary>A content is about to be stored, or relied on.</summary>
    /// <exception cref="NasClusterException">A deletion is under way.</exception>
    public ContentLedger Admit(string hash)
    {
        ContentHash.ThrowIfInvalid(hash);
        ThrowIfDeleting();
        return this with { Known = Known.Add(hash) };
    }

    /// <summary>Begins a deletion; nothing is doomed yet.</summary>
    /// <param name="kind">Of what kind of name.</param>
    /// <param name="name">The name.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="NasClusterException">Somebody holds, or another deletion is under way.</exception>
    public ContentLedger BeginDeletion(string kind, string name, DateTimeOffset now)
    {
        ThrowIfDeleting();
        var holds = Open(now).ToArray();
        return holds.Length == 0
            ? this with { Holds = [], Deletion = new ContentDeletion(kind, name) }
            : throw new NasClusterException($"'{name}' cannot be deleted now: {holds.Length} uploads or starts of searches are under way. Try again when they have ended, or {HoldTime.TotalMinutes} minutes after they broke off.");
    }

    /// <summary>The deletion will delete all that is known and not referred to; from here on it is finished, whoever finishes it.</summary>
    /// <param name="candidates">What the name meant.</param>
    /// <param name="referred">What is still referred to without the name.</param>
    public ContentLedger Doom(IEnumerable<string> candidates, IReadOnlySet<string> referred) => Deletion is null
        ? throw new InvalidOperationException("No deletion is under way.")
        : this with
        {
            Deletion = Deletion with { Doomed = [.. Known.Union(candidates).Where(hash => !referred.Contains(hash))] },
            Known = [.. Known.Where(referred.Contains)],
        };

    /// <summary>The deletion goes on: whoever took himself for its only host, and is not, finds this out by failing to record it.</summary>
    public ContentLedger GoOn() => Deletion is null ? throw new InvalidOperationException("No deletion is under way.") : this with { Deletion = Deletion with { Steps = Deletion.Steps + 1 } };

    /// <summary>The deletion is done, or not to be done.</summary>
    public ContentLedger EndDeletion() => this with { Deletion = null };

    private IEnumerable<ContentHold> Open(DateTimeOffset now) => Holds.Where(hold => hold.Until > now);

    private void ThrowIfDeleting()
    {
        if (Deletion is { } deletion)
        {
            throw new ContentDeletionException($"Contents of '{deletion.Name}' are being deleted; try again in a moment.");
        }
    }
}

/// <summary>Somebody stores contents, or starts a search on some.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Until">When it ends unless renewed.</param>
public sealed record ContentHold(long Id, DateTimeOffset Until);

/// <summary>A name and what it alone means are being deleted.</summary>
/// <param name="Kind">The kind of name.</param>
/// <param name="Name">The name.</param>
public sealed record ContentDeletion(string Kind, string Name)
{
    /// <summary>The contents to be deleted; null while that is being found out.</summary>
    public ImmutableArray<string>? Doomed { get; init; }

    /// <summary>How often its host has said that it goes on.</summary>
    public long Steps { get; init; }
}
