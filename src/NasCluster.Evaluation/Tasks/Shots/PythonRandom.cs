using System.Numerics;

namespace NasCluster.Evaluation.Tasks.Shots;

/// <summary>The generator behind Python's <c>random.Random</c>, so that a seed draws the examples it draws there.</summary>
/// <remarks>
/// The Mersenne twister MT19937 (Matsumoto and Nishimura 1998, ACM TOMACS 8), seeded by an array as its authors' reference does with
/// the 32-bit words of the seed. What is drawn from its words follows CPython 3.11's <c>random.py</c>.
/// </remarks>
internal sealed class PythonRandom
{
    private const int Size = 624;
    private const int Middle = 397;
    private const uint UpperMask = 0x80000000;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">The seed; its sign is ignored, as Python does.</param>
    internal PythonRandom(long seed)
    {
        var magnitude = seed < 0 ? (ulong)-(seed + 1) + 1 : (ulong)seed;
        uint[] key = magnitude > uint.MaxValue ? [(uint)magnitude, (uint)(magnitude >> 32)] : [(uint)magnitude];
        Fill(19650218);
        var (i, j) = (1, 0);
        for (var left = Math.Max(Size, key.Length); left > 0; left--)
        {
            _state[i] = (_state[i] ^ (Spread(_state[i - 1]) * 1664525)) + key[j] + (uint)j;
            i = Advance(i);
            j = (j + 1) % key.Length;
        }

        for (var left = Size - 1; left > 0; left--)
        {
            _state[i] = (_state[i] ^ (Spread(_state[i - 1]) * 1566083941)) - (uint)i;
            i = Advance(i);
        }

        _state[0] = UpperMask;
    }

    /// <summary>The next 32 random bits.</summary>
    internal uint NextWord()
    {
        if (_next == Size)
        {
            Twist();
        }

        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    /// <summary>The next number in [0, 1), of 53 bits: <c>random()</c>.</summary>
    internal double NextDouble()
    {
        var (high, low) = (NextWord() >> 5, NextWord() >> 6);
        return ((high * 67108864.0) + low) / 9007199254740992.0;
    }

    /// <summary>A number below a bound: <c>_randbelow</c>, which draws just as many bits as the bound has, until they are below it.</summary>
    internal int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var shift = BitOperations.LeadingZeroCount((uint)bound);
        uint drawn;
        do
        {
            drawn = NextWord() >> shift;
        }
        while (drawn >= bound);
        return (int)drawn;
    }

    /// <summary>Different places of a list, in the order drawn: <c>sample(range(length), count)</c>.</summary>
    internal int[] Sample(int length, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length);
        var drawn = new int[count];

        // Python remembers what it drew where that takes less memory than the list; which of the two it does changes what is drawn.
        var most = 21L;
        if (count > 5)
        {
            var power = 1L;
            while (power < 3L * count)
            {
                power *= 4;
            }

            most += power;
        }

        if (length <= most)
        {
            int[] pool = [.. Enumerable.Range(0, length)];
            for (var i = 0; i < count; i++)
            {
                var at = Below(length - i);
                drawn[i] = pool[at];
                pool[at] = pool[length - i - 1];
            }

            return drawn;
        }

        var selected = new HashSet<int>();
        for (var i = 0; i < count; i++)
        {
            var at = Below(length);
            while (!selected.Add(at))
            {
                at = Below(length);
            }

            drawn[i] = at;
        }

        return drawn;
    }

    private static uint Spread(uint before) => before ^ (before >> 30);

    private void Fill(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Size; i++)
        {
            _state[i] = (1812433253 * Spread(_state[i - 1])) + (uint)i;
        }
    }

    private int Advance(int i)
    {
        if (i + 1 < Size)
        {
            return i + 1;
        }

        _state[0] = _state[Size - 1];
        return 1;
    }

    private void Twist()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_state[i] & UpperMask) | (_state[(i + 1) % Size] & ~UpperMask);
            _state[i] = _state[(i + Middle) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908b0df);
        }

        _next = 0;
    }
}
