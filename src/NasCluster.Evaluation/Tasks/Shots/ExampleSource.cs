using System.Collections.Immutable;
using System.Text;

namespace NasCluster.Evaluation.Tasks.Shots;

/// <summary>The worked examples that stand before a task's questions.</summary>
/// <remarks>
/// As the evaluation harness draws them: for one question after the other from one generator, in the order of the questions, so that a
/// limit on the questions does not change those before it. Where <paramref name="oneMore"/> says so, one more is drawn than shown; an
/// example that is the question itself is left out, and without a spare one there is then one fewer.
/// </remarks>
/// <param name="examples">The documents to draw from.</param>
/// <param name="shots">How many stand before a question.</param>
/// <param name="rule">How they are chosen.</param>
/// <param name="oneMore">Whether a spare one is drawn.</param>
/// <param name="seed">The generator's seed.</param>
internal sealed class ExampleSource(ImmutableArray<TaskDocument> examples, int shots, ExampleRule rule, bool oneMore, long seed)
{
    private const string Between = "\n\n";

    private readonly PythonRandom _random = new(seed);

    /// <summary>How many documents must be there.</summary>
    internal static int Needed(int shots, bool oneMore) => shots == 0 ? 0 : shots + (oneMore ? 1 : 0);

    /// <summary>The examples before a document, each with a blank line after it; empty without shots.</summary>
    internal string Before(TaskDocument document)
    {
        if (shots == 0)
        {
            return "";
        }

        var drawn = Needed(shots, oneMore);
        var places = rule == ExampleRule.First ? Enumerable.Range(0, drawn) : _random.Sample(examples.Length, drawn);
        var text = new StringBuilder();
        foreach (var example in places.Select(p => examples[p]).Where(e => !e.SaysTheSameAs(document)).Take(shots))
        {
            text.Append(example.Example).Append(Between);
        }

        return text.ToString();
    }
}
