using NasCluster.Core.Randomness;
using NasCluster.Core.Search.MaskEvolution;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.Tests.Spaces.Masks;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.MaskEvolution;

public class MaskBreederTests
{
    private static readonly MaskSpace Masks = MaskNetworks.Space(new MaskSpaceOptions { KvGroups = true, HeadPairs = true, MlpChannels = true, Depths = [2, 3] });
    private static readonly MaskSpace Channels = MaskNetworks.Space(new MaskSpaceOptions { MlpChannels = true });

    /// <summary>A window that holds every size, so that nothing is moved.</summary>
    private static readonly MaskEvolutionOptions Free = MaskNetworks.Evolution(Channels, 0, 1);

    [Fact]
    public void Start_WideWindow_KeepsTheMostImportantShareOfEverySection()
    {
        var options = MaskNetworks.Evolution(Masks, 0, 1) with { StartShare = 0.6 };
        var start = new MaskBreeder(options, Masks, new ScriptedRandom()).Start()!;

        Assert.Equal(1, start.Depth);
        Assert.All(Masks.Sections, s =>
        {
            var expected = Enumerable.Range(s.Start, s.Length).OrderByDescending(i => options.Importance[i]).ThenBy(i => i)
                .Take((int)Math.Round(0.6 * s.Length, MidpointRounding.AwayFromZero)).Order();
            Assert.Equal(expected, Enumerable.Range(s.Start, s.Length).Where(i => start.Mask[i]));
        });
    }

    [Fact]
    public void Start_WindowBelowTheShare_TakesTheLeastImportantAwayFirst()
    {
        var options = MaskNetworks.Evolution(Channels, 0.75, 0.8) with { StartShare = 1 };
        var start = new MaskBreeder(options, Channels, new Xoshiro256(1)).Start()!;

        Assert.InRange(Channels.BlockParameters(start.Mask, 0), options.SmallestSize, options.LargestSize);
        Assert.All(Channels.Sections, s =>
        {
            var bits = Enumerable.Range(s.Start, s.Length).ToArray();
            Assert.True(bits.Where(i => start.Mask[i]).Min(i => options.Importance[i]) >= bits.Where(i => !start.Mask[i]).Select(i => options.Importance[i]).DefaultIfEmpty(double.MinValue).Max());
        });
    }

    [Fact]
    public void Start_GivenMask_IsThatMaskWhereItFits()
    {
        bool[] given = [.. Enumerable.Range(0, Channels.BitCount).Select(i => i % 3 != 0)];
        var start = new MaskBreeder(Free with { StartMask = [.. given] }, Channels, new ScriptedRandom()).Start()!;
        Assert.Equal(given, start.Mask);
    }

    /// <summary>One section mutates: 20 channels kept of 20 less 10, of which a draw drops two, and two of the omitted come in.</summary>
    [Fact]
    public void Mutate_Scripted_DropsWhatWasDrawnAndRefillsToTheSameCount()
    {
        var parent = Parent(10);
        var random = new ScriptedRandom(

            // Layer 0: share stays (0.1), mask mutates (0.2 of 0.3): drop 1 + 1 of at most 2: places 0 and then 0 of the nine left.
            0.9, 0.2, 1, 0, 0,

            // Twelve are omitted by now; the first and the last come in.
            0, 10,

            // Layers 1 and 2 keep share and mask.
            0.9, 0.9, 0.9, 0.9);
        var child = new MaskBreeder(Free, Channels, random).Mutate(parent, strongly: false)!;

        // Dropping a place puts the last there, so the second to fall is channel 9; then channel 0 comes back, and 18.
        Assert.Equal(0, random.Left);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 18], Enumerable.Range(0, 20).Where(i => child.Mask[i]));
        Assert.Equal(parent.Mask[20..], child.Mask[20..]);
    }

    [Theory]
    [InlineData(0.8, 10, 2)]
    [InlineData(0.9, 10, 1)]
    [InlineData(0.8, 20, 4)]
    [InlineData(0.7, 10, 3)]
    [InlineData(0.8, 4, 1)]
    [InlineData(0, 5, 5)]
    public void Mutate_MaskOnly_LosesAtMostWhatSimilarityAllowsAndAsMuch(double similarity, int kept, int most)
    {
        var options = Free with { Similarity = similarity, StrongMaskProbability = 1, StrongShareProbability = 0 };
        var breeder = new MaskBreeder(options, Channels, new Xoshiro256(2));
        var lost = new HashSet<int>();
        for (var round = 0; round < 400; round++)
        {
            var parent = Parent(kept);
            var child = breeder.Mutate(parent, strongly: true)!;
            foreach (var section in Channels.Sections)
            {
                var before = section.Of<bool>(parent.Mask).ToArray();
                var after = section.Of<bool>(child.Mask).ToArray();
                Assert.Equal(kept, after.Count(b => b));
                lost.Add(before.Zip(after).Count(p => p is (true, false)));
            }
        }

        // Those dropped may come back, so fewer are always possible; where all are kept, nothing else can come in.
        Assert.Equal(kept == 20 ? 0 : Math.Min(most, 20 - kept), lost.Max());
    }

    [Fact]
    public void Mutate_Tournament_PrefersTheImportant()
    {
        double Kept(int tournament)
        {
            var options = Free with { Tournament = tournament, StrongMaskProbability = 1, StrongShareProbability = 0 };
            var breeder = new MaskBreeder(options, Channels, new Xoshiro256(3));
            return Enumerable.Range(0, 200).Average(_ =>
            {
                var mask = breeder.Mutate(Parent(10), strongly: true)!.Mask;
                return Enumerable.Range(0, mask.Length).Where(i => mask[i]).Sum(i => options.Importance[i]);
            });
        }

        // The sum of thirty values of a standard deviation of .3; the differences seen are above 1.
        var (one, two, four) = (Kept(1), Kept(2), Kept(4));
        Assert.True(two > one + 0.2 && four > two + 0.2, $"{one}, {two}, {four}");
    }

    [Fact]
    public void Cross_TwoParents_GivesEachLayerOfOneOfThemWhole()
    {
        var options = MaskNetworks.Evolution(Masks, 0, 1);
        var random = new Xoshiro256(4);
        var breeder = new MaskBreeder(options, Masks, random);
        for (var round = 0; round < 200; round++)
        {
            MaskCandidate[] parents = [Random(0), Random(1)];
            var child = breeder.Cross(parents[0], parents[1])!;
            Assert.All(Enumerable.Range(0, 3), layer =>
            {
                var sections = Masks.Sections.Where(s => s.Layer == layer).ToArray();
                Assert.True(
                    Masks.Stays(layer, child.Depth)
                        ? parents.Any(p => Masks.Stays(layer, p.Depth) && sections.All(s => s.Of<bool>(p.Mask).SequenceEqual(s.Of<bool>(child.Mask))))
                        : sections.All(s => !s.Of<bool>(child.Mask).Contains(true)));
            });
        }

        MaskCandidate Random(int depth)
        {
            var mask = Enumerable.Range(0, Masks.BitCount).Select(_ => random.NextBoolean(0.7)).ToArray();
            return new MaskCandidate(depth, Masks.Read(Masks.Encode(depth, mask)));
        }
    }

    [Fact]
    public void MutateAndCross_AnyWindow_NeverLeaveItNorTheSharesAllowed()
    {
        foreach (var (smallest, largest) in new[] { (0.5, 0.55), (0.7, 0.72), (0.9, 0.93) })
        {
            var options = MaskNetworks.Evolution(Masks, smallest, largest) with { StrongMaskProbability = 1, StrongShareProbability = 0.5, DepthProbability = 0.5, SmallestMlpShare = 0.3 };
            var breeder = new MaskBreeder(options, Masks, new Xoshiro256(6));
            MaskCandidate[] parents = [breeder.Start()!, breeder.Start()!];
            var made = 0;
            for (var round = 0; round < 300; round++)
            {
                var child = round % 3 == 0 ? breeder.Cross(parents[0], parents[1]) : breeder.Mutate(parents[round % 2], round % 3 == 1);
                if (child is null)
                {
                    continue;
                }

                made++;
                parents[round % 2] = child;
                Assert.InRange(Masks.BlockParameters(child.Mask, child.Depth), options.SmallestSize, options.LargestSize);
                Assert.Equal(Masks.BlockParameters(child.Mask, child.Depth), new MaskSize(Masks, child).Total);
                Assert.All(Masks.Sections.Where(s => Masks.Stays(s.Layer, child.Depth)), s =>
                    Assert.True(s.Of<bool>(child.Mask).Count(true) >= (s.Part == MaskPart.MlpChannel ? 0.3 : 0.5) * s.Length));
            }

            Assert.True(made > 100, $"Only {made} children were in the window of {smallest} to {largest}.");
        }
    }

    private static MaskCandidate Parent(int kept) => new(0, [.. Enumerable.Range(0, Channels.BitCount).Select(i => i % 20 < kept)]);
}
