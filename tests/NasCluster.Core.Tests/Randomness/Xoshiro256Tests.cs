using NasCluster.Core.Randomness;

namespace NasCluster.Core.Tests.Randomness;

// Expected numbers come from a second implementation in Python with unbounded integers cut to 64 bits:
//   splitmix: s += 0x9E3779B97F4A7C15; z = s; z = (z ^ z>>30) * 0xBF58476D1CE4E5B9; z = (z ^ z>>27) * 0x94D049BB133111EB; z ^ z>>31
//   xoshiro:  r = rotl(s1 * 5, 7) * 9; t = s1 << 17; s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= t; s3 = rotl(s3, 45)
// The numbers from state (1, 2, 3, 4) and from SplitMix64 seed 1234567 are also the ones published with other implementations.
public class Xoshiro256Tests
{
    [Fact]
    public void NextUInt64_StateOneTwoThreeFour_GivesThePublishedNumbers()
    {
        var random = new Xoshiro256(new RandomState(1, 2, 3, 4));
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600,
            16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];

        Assert.Equal(expected, expected.Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void SplitMix64_Seed1234567_GivesThePublishedNumbers()
    {
        var words = new SplitMix64(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        foreach (var word in expected)
        {
            Assert.Equal(word, words.Next());
        }
    }

    [Fact]
    public void Constructor_Seed42_SeedsBySplitMix64()
    {
        var random = new Xoshiro256(42);

        Assert.Equal(new RandomState(13679457532755275413, 2949826092126892291, 5139283748462763858, 6349198060258255764), random.State);
        Assert.Equal(1546998764402558742UL, random.NextUInt64());
    }

    [Fact]
    public void NextDouble_Seed42_GivesTheUpper53Bits()
    {
        var random = new Xoshiro256(42);

        Assert.Equal(
            [0.08386297105988216, 0.3789802506626686, 0.6800434110281394, 0.9246929453253876],
            Enumerable.Range(0, 4).Select(_ => random.NextDouble()));
    }

    [Fact]
    public void NextInt_Bound10Seed42_GivesTheUpperWordOfTheProduct()
    {
        var random = new Xoshiro256(42);

        Assert.Equal([0, 3, 6, 9, 9, 7], Enumerable.Range(0, 6).Select(_ => random.NextInt(10)));
    }

    [Fact]
    public void NextInt_DrawInTheShortInterval_IsDrawnAgain()
    {
        // The second number from this state is 0. Times 3 its lower word is 0 < 2^64 mod 3 = 1, so it must be skipped.
        var random = new Xoshiro256(new RandomState(1, 2, 3, 4));
        random.NextUInt64();
        random.NextInt(3);
        var skipping = new Xoshiro256(new RandomState(1, 2, 3, 4));
        skipping.NextUInt64();
        skipping.NextUInt64();
        skipping.NextUInt64();

        Assert.Equal(skipping.State, random.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void NextInt_ManyDraws_AreEvenlySpread(int bound)
    {
        const int PerValue = 20_000;
        var random = new Xoshiro256(7);
        var counts = new int[bound];
        for (var i = 0; i < bound * PerValue; i++)
        {
            counts[random.NextInt(bound)]++;
        }

        // Six standard deviations of a count.
        var margin = 6 * Math.Sqrt(PerValue * (1 - (1.0 / bound)));
        Assert.All(counts, count => Assert.InRange(count, PerValue - margin, PerValue + margin));
    }

    [Fact]
    public void State_Restored_GoesOnIdentically()
    {
        var random = new Xoshiro256(99);
        for (var i = 0; i < 100; i++)
        {
            random.NextDouble();
        }

        var restored = new Xoshiro256(random.State);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(random.NextUInt64(), restored.NextUInt64());
        }
    }

    [Fact]
    public void Constructor_ZeroState_Throws() => Assert.Throws<ArgumentException>(() => new Xoshiro256(default(RandomState)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void NextInt_BoundBelowOne_Throws(int bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Xoshiro256(1).NextInt(bound));
}
