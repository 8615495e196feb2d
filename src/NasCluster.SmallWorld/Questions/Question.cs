using System.Collections.Immutable;
using NasCluster.Core.Randomness;

namespace NasCluster.SmallWorld.Questions;

/// <summary>One question of the small world.</summary>
/// <param name="Stem">The question, one line, with the facts it rests on.</param>
/// <param name="Choices">Different words, one of them right.</param>
/// <param name="Answer">Which is right, from 0.</param>
/// <param name="Keys">What the split between training and tasks goes by; the first decides for the tasks. See <see cref="Holdout"/>.</param>
public sealed record Question(string Stem, ImmutableArray<string> Choices, int Answer, ImmutableArray<string> Keys)
{
    /// <summary>The right word.</summary>
    public string AnswerText => Choices[Answer];

    /// <summary>A question whose choices are put in random order.</summary>
    /// <param name="random">Orders the choices.</param>
    /// <param name="stem">The question.</param>
    /// <param name="answer">The right word.</param>
    /// <param name="others">The wrong words.</param>
    /// <param name="keys">What the split goes by; the stem when empty.</param>
    internal static Question Of(IRandomSource random, string stem, string answer, IEnumerable<string> others, params ReadOnlySpan<string> keys)
    {
        string[] choices = [answer, .. others];
        random.Shuffle(choices.AsSpan());
        return new Question(stem, [.. choices], Array.IndexOf(choices, answer), keys.IsEmpty ? [stem] : [.. keys]);
    }
}
