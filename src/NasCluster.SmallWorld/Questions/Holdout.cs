using NasCluster.Core.Randomness;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Which questions are kept out of training.</summary>
/// <remarks>
/// <para>
/// A key is held out when its hash (64-bit FNV-1a of family and key, finished by SplitMix64) is divisible by five; the seed has no part in
/// it, so that the questions of any seed are held out from the text of any other. Training takes a question only if none of its keys is
/// held out; a task takes it only if its first key is. So no stem is on both sides.
/// </para>
/// <para>
/// The keys make the split mean something: of <c>arithmetic</c> they are the pairs of operands, whichever comes first and whether added or
/// subtracted; of <c>recall</c> and <c>possession</c> the person together with the thing asked for. Stories keep to these rules: they
/// add no such numbers, and tell of no such person and thing in the end, though things may be theirs in between. The keys are of
/// <c>copying</c> the list; of all others the stem.
/// </para>
/// </remarks>
public static class Holdout
{
    /// <summary>One key in so many is held out.</summary>
    public const int OneIn = 5;

    /// <summary>Whether a key is held out.</summary>
    /// <param name="family">The family's name.</param>
    /// <param name="key">One of a question's keys.</param>
    public static bool IsHeldOut(string family, string key)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(key);
        return new SplitMix64(Add(Add(14695981039346656037, family) * 1099511628211, key)).Next() % OneIn == 0;
    }

    /// <summary>Whether training may see a question.</summary>
    /// <param name="family">The family's name.</param>
    /// <param name="question">The question.</param>
    public static bool IsForTraining(string family, Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return !question.Keys.Any(key => IsHeldOut(family, key));
    }

    /// <summary>Whether a task may ask a question.</summary>
    /// <param name="family">The family's name.</param>
    /// <param name="question">The question.</param>
    public static bool IsForTasks(string family, Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return IsHeldOut(family, question.Keys[0]);
    }

    // The world's text is ASCII, so a character is a byte.
    private static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash;
    }
}
