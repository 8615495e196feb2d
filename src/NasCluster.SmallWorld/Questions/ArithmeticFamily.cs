using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Sums and differences of numbers from zero to twenty, of two numbers or three, bare or as what somebody has.</summary>
internal sealed class ArithmeticFamily : IQuestionFamily
{
    public const string FamilyName = "arithmetic";
    private const int Most = 20;

    public string Name => FamilyName;

    /// <summary>What the split goes by: the two numbers, whichever comes first and whatever is done with them.</summary>
    public static string Key(int first, int second) => $"{Vocabulary.Numbers[Math.Min(first, second)]} {Vocabulary.Numbers[Math.Max(first, second)]}";

    /// <summary>Two numbers whose sum, or else whose difference, is a number of the world.</summary>
    public static (int First, int Second) DrawPair(IRandomSource random, bool isSum)
    {
        var first = random.NextInt(Most + 1);
        return (first, random.NextInt(isSum ? Most - first + 1 : first + 1));
    }

    public Question Draw(IRandomSource random)
    {
        var isSum = random.NextBoolean(0.5);
        var (first, second) = DrawPair(random, isSum);
        var result = isSum ? first + second : first - second;
        var kind = random.NextDouble();
        if (kind < 0.4)
        {
            return Ask(random, Bare(first, isSum, second), result, Key(first, second));
        }

        if (kind < 0.7)
        {
            var noun = random.Pick(Vocabulary.Countables);
            var name = random.Pick(Vocabulary.Names);
            var verb = isSum ? "gets" : "loses";
            return Ask(
                random,
                $"{name} has {Word(first)} {Form(noun, first)} and {verb} {Word(second)}. How many {noun.Plural} now?",
                result,
                Key(first, second));
        }

        var isNextSum = random.NextBoolean(0.5);
        var third = random.NextInt(Math.Min(9, isNextSum ? Most - result : result) + 1);
        return Ask(
            random,
            $"{Bare(first, isSum, second)} {(isNextSum ? "plus" : "minus")} {Word(third)}",
            isNextSum ? result + third : result - third,
            Key(first, second),
            Key(result, third));
    }

    private static Question Ask(IRandomSource random, string stem, int result, params ReadOnlySpan<string> keys)
    {
        // Four numbers in a row, the right one anywhere among them.
        var lowest = random.NextBetween(Math.Max(0, result - 3), Math.Min(Most - 3, result));
        return Question.Of(random, stem, Word(result), Enumerable.Range(lowest, 4).Where(n => n != result).Select(Word), keys);
    }

    private static string Bare(int first, bool isSum, int second) => $"{Word(first)} {(isSum ? "plus" : "minus")} {Word(second)}";

    private static string Form(Noun noun, int count) => count == 1 ? noun.One : noun.Plural;

    private static string Word(int number) => Vocabulary.Numbers[number];
}
