using FsCheck.Fluent;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Tests.Cpu;

public sealed class BranchPlanTests
{
    [Fact]
    public void Split_AnswersToTwoQuestions_ComputeEachQuestionOnce()
    {
        var batch = Assert.Single(Split(1000, Tokens(20, 1, 5), Tokens(30, 2, 4), Tokens(20, 1, 6), Tokens(30, 2, 5), Tokens(20, 1, 7)));
        Assert.Equal([(0, 21), (20, 1), (20, 1), (0, 31), (30, 1)], batch.Select(b => (b.Shared, b.Own)));
    }

    [Fact]
    public void Split_LongPromptOfManyQuestions_DoesNotCountTowardsTheSizeOfABatch()
    {
        int[][] inputs = [.. Enumerable.Range(0, 12).Select(i => Tokens(500, 1, [.. Enumerable.Repeat(i + 2, 25)]))];
        var batches = Split(100, inputs);
        Assert.Equal([4, 4, 4], batches.Select(b => b.Length));
        Assert.All(batches, b => Assert.Equal(600, b.Sum(branch => branch.Own)));
    }

    [Fact]
    public void Split_LittleInCommon_IsComputedAgain()
    {
        var batch = Assert.Single(Split(1000, Tokens(7, 1, 5, 5), Tokens(7, 1, 6, 6), Tokens(8, 3, 5), Tokens(8, 3, 6)));
        Assert.Equal([0, 0, 0, 8], batch.Select(b => b.Shared));
    }

    [Fact]
    public void Split_BatchFullWithinAQuestion_EndsBeforeTheQuestion()
    {
        int[][] inputs = [.. Enumerable.Range(0, 12).Select(i => Tokens(9, 1 + (i / 4), 100 + i))];
        Assert.Equal([8, 4], Split(36, inputs).Select(b => b.Length));
    }

    [Fact]
    public void Split_NothingInCommon_FillsBatchesToTheirSize() =>
        Assert.Equal([2, 1, 1, 1], Split(40, [.. new[] { 20, 20, 39, 41, 1 }.Select((length, i) => Tokens(length, i))]).Select(b => b.Length));

    [Fact]
    public void Split_Nothing_IsEmpty() => Assert.Empty(BranchPlan.Split([], 10));

    [Fact]
    public void Lay_AnySequences_RowsOfEachSpellItOut() => FsCheck.Check.One(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), SpellsOut));

    private static bool SpellsOut(int seed)
    {
        // Texts that part from earlier ones anywhere: shared beginnings nest, end anywhere, and are sometimes hardly worth it.
        var random = new Random(seed);
        List<int[]> texts = [];
        for (var i = random.Next(1, 30); i > 0; i--)
        {
            var old = texts.Count > 0 ? texts[random.Next(texts.Count)] : [];
            texts.Add([.. old.Take(random.Next(old.Length + 1)), .. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(5))]);
        }

        var inputs = SharedInput.Of([.. texts.Select(t => new ScoringRequest([.. t, 0], t.Length))]);
        var batchTokens = random.Next(1, 400);
        var batches = BranchPlan.Split(inputs, batchTokens).ToArray();
        Assert.Equal(inputs.ToHashSet(), batches.SelectMany(b => b.Select(branch => branch.Input)).ToHashSet());
        Assert.Equal(inputs.Length, batches.Sum(b => b.Length));
        Assert.InRange(batches.Sum(b => b.Sum(branch => (long)branch.Own)), BranchPlan.DistinctRows(inputs), inputs.Sum(i => (long)i.Tokens.Length));
        foreach (var batch in batches)
        {
            AssertSpelled(batch);
            Assert.True(batch.Length == 1 || batch.Sum(b => b.Own) <= batchTokens + batch.Skip(1).Min(b => b.Shared));
        }

        return true;
    }

    private static void AssertSpelled(Branch[] batch)
    {
        int[] rows = [.. batch.SelectMany(b => b.Input.Tokens[b.Shared..].ToArray())];
        var runs = Branch.Lay(batch);
        Assert.Equal(0, batch[0].Shared);
        for (var i = 0; i < batch.Length; i++)
        {
            var before = runs[i].Before.SelectMany(r => rows[r.Row..(r.Row + r.Count)]);
            Assert.Equal(batch[i].Input.Tokens.ToArray(), before.Concat(rows[runs[i].SequenceRow..(runs[i].SequenceRow + runs[i].Count)]));
            Assert.Equal(batch[i].Shared, runs[i].Position);
            Assert.Equal(0, runs[i].Place);
            Assert.All(runs[i].Before, r => Assert.InRange(r.Count, BranchPlan.LeastShared, int.MaxValue));
        }
    }

    private static Branch[][] Split(int batchTokens, params int[][] inputs) =>
        [.. BranchPlan.Split(SharedInput.Of([.. inputs.Select(t => new ScoringRequest([.. t, 0], t.Length))]), batchTokens)];

    private static int[] Tokens(int count, int token, params int[] rest) => [.. Enumerable.Repeat(token, count), .. rest];
}
