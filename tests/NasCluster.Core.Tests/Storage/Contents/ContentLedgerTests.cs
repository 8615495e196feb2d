using System.Text.Json;
using NasCluster.Core.Storage.Contents;

namespace NasCluster.Core.Tests.Storage.Contents;

public sealed class ContentLedgerTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string A = new('a', 64);
    private static readonly string B = new('b', 64);
    private static readonly string C = new('c', 64);

    [Fact]
    public void BeginDeletion_WhileSomebodyHolds_IsRefused()
    {
        var ledger = new ContentLedger().Hold(Noon);

        Assert.Contains("1 uploads or starts", Assert.Throws<NasClusterException>(() => ledger.BeginDeletion("Data", "text", Noon)).Message, StringComparison.Ordinal);
        Assert.NotNull(ledger.Release(ledger.LastHold, Noon).BeginDeletion("Data", "text", Noon).Deletion);
    }

    [Fact]
    public void HoldAndAdmit_WhileContentsAreDeleted_AreRefused()
    {
        var ledger = new ContentLedger().BeginDeletion("Data", "text", Noon);

        Assert.Throws<ContentDeletionException>(() => ledger.Hold(Noon));
        Assert.Throws<ContentDeletionException>(() => ledger.Admit(A));
        Assert.Throws<ContentDeletionException>(() => ledger.BeginDeletion("Data", "other", Noon));
        Assert.Equal(1, ledger.EndDeletion().Hold(Noon).LastHold);
    }

    [Fact]
    public void Hold_NotRenewed_EndsByItselfAndIsKnownToHave()
    {
        var ledger = new ContentLedger().Hold(Noon).Hold(Noon);
        var later = Noon + ContentLedger.HoldTime - TimeSpan.FromSeconds(1);
        ledger = ledger.Renew(1, later);
        var over = Noon + ContentLedger.HoldTime;

        Assert.True(ledger.IsHeld(1, over));
        Assert.False(ledger.IsHeld(2, over));
        Assert.Contains("Do it again", Assert.Throws<NasClusterException>(() => ledger.Renew(2, over)).Message, StringComparison.Ordinal);
        Assert.Throws<NasClusterException>(() => ledger.BeginDeletion("Data", "text", over));
        Assert.NotNull(ledger.BeginDeletion("Data", "text", later + ContentLedger.HoldTime).Deletion);
    }

    [Fact]
    public void Hold_NumberOfOneThatEnded_IsNeverGivenAgain()
    {
        var ledger = new ContentLedger().Hold(Noon);
        ledger = ledger.Release(1, Noon).Hold(Noon);

        Assert.Equal(2, ledger.LastHold);
        Assert.False(ledger.IsHeld(1, Noon));
    }

    [Fact]
    public void Doom_KnownContents_TakesAllThatNobodyRefersToAndForgetsThem()
    {
        var ledger = new ContentLedger().Admit(A).Admit(B).BeginDeletion("Data", "text", Noon).Doom([B, C], new HashSet<string> { A });

        Assert.Equal([B, C], ledger.Deletion!.Doomed!.Value.Order(StringComparer.Ordinal));
        Assert.Equal([A], ledger.Known);
        Assert.Equal([A], ledger.EndDeletion().Known);
    }

    /// <summary>An upload that slept through its hold: what it stored before counts no more, so nothing is named that lacks chunks.</summary>
    [Fact]
    public void Admit_ContentStoredBeforeADeletion_IsNotKnownAfterIt()
    {
        var ledger = new ContentLedger().Hold(Noon).Admit(A);
        var late = Noon + ContentLedger.HoldTime;
        ledger = ledger.BeginDeletion("Data", "text", late).Doom([C], new HashSet<string>()).EndDeletion();

        Assert.DoesNotContain(A, ledger.Known);
        Assert.False(ledger.IsHeld(1, late));
    }

    [Fact]
    public void Ledger_ThroughJson_IsTheSame()
    {
        var ledger = new ContentLedger().Hold(Noon).Admit(A).Admit(B).Release(1, Noon).BeginDeletion("Data", "text", Noon).Doom([C], new HashSet<string> { A }).GoOn();

        var there = JsonSerializer.Deserialize<ContentLedger>(JsonSerializer.Serialize(ledger))!;

        Assert.Equal([A], there.Known);
        Assert.Equal(ledger.Deletion!.Doomed!.Value.Order(StringComparer.Ordinal), there.Deletion!.Doomed!.Value.Order(StringComparer.Ordinal));
        Assert.Equal((1, "Data", "text", 1), (there.LastHold, there.Deletion.Kind, there.Deletion.Name, there.Deletion.Steps));
        Assert.Null(JsonSerializer.Deserialize<ContentLedger>(JsonSerializer.Serialize(new ContentLedger().BeginDeletion("Data", "text", Noon)))!.Deletion!.Doomed);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void ThrowIfNeeded_SearchOnTheContent_IsRefusedIfItMayGoOn(bool mayGoOn, bool isRefused)
    {
        SearchClaim[] searches = [new("first", "stopped", mayGoOn, ["model: m", $"text: sha256:{A}"])];

        var exception = Record.Exception(() => ContentClaims.ThrowIfNeeded("text", new HashSet<string> { A }, searches));

        Assert.Equal(isRefused ? "'text' is needed by the search 'first', which is stopped. Let it complete, or delete it first." : null, exception?.Message);
    }

    [Fact]
    public void ThrowIfNeeded_SearchOnOthers_Passes() =>
        ContentClaims.ThrowIfNeeded("text", new HashSet<string> { A }, [new("first", "running", true, [$"text: sha256:{B}"])]);

    [Fact]
    public void HashesIn_Text_AreThoseOfFullLength() =>
        Assert.Equal([A, B], ContentClaims.HashesIn($"sha256:{A}, {{\"content\":\"{B}\"}} {C}c {C[1..]} {C.ToUpperInvariant()}"));
}
