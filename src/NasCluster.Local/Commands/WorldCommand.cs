using System.CommandLine;
using System.Globalization;
using NasCluster.SmallWorld;

namespace NasCluster.Local.Commands;

/// <summary><c>nas world</c>: writes the small world, a text to train on with questions about it and a tokenizer.</summary>
internal static class WorldCommand
{
    public static Command Create()
    {
        var output = OptionKinds.RequiredText("--out", "DIR", "A new or empty directory.");
        var seed = OptionKinds.WholeNumber("--seed", 0, int.MaxValue, "Decides every word; 1 if not given.");
        var tokens = OptionKinds.WholeNumber("--tokens", 1_000, 1_000_000_000, "Tokens in the text to train on; 8000000 if not given.");
        var questions = OptionKinds.WholeNumber("--questions", 1, 10_000, "Questions of each family; 2400 if not given.");
        var command = new Command("world", "Write a small world in English: a text to train on, held-out questions, and a tokenizer.")
        {
            output, seed, tokens, questions,
        };
        command.SetAction(parsed =>
        {
            var defaults = new WorldOptions();
            var summary = SmallWorldFiles.Write(parsed.GetRequiredValue(output), defaults with
            {
                Seed = (ulong?)parsed.GetValue(seed) ?? defaults.Seed,
                TrainingTokens = parsed.GetValue(tokens) ?? defaults.TrainingTokens,
                Questions = parsed.GetValue(questions) ?? defaults.Questions,
            });
            WriteText("train.txt", summary.Training);
            WriteText("valid.txt", summary.Validation);
            foreach (var task in summary.Tasks)
            {
                Line($"tasks/{task.Name}.jsonl", Invariant($"{task.Questions,9:#,0} questions, {task.MeanTokens,5:0.0} tokens each, at most {task.LongestTokens}"));
            }

            Line("all tasks", Invariant($"{summary.Tasks.Sum(t => (long)t.Questions),9:#,0} questions, {summary.Tasks.Average(t => t.MeanTokens),5:0.0} tokens each"));
        });
        return command;
    }

    private static void WriteText(string name, TextSummary text) => Line(
        name, Invariant($"{text.Documents,9:#,0} documents, {text.Tokens:#,0} tokens, {100.0 * text.StoryTokens / text.Tokens:0} % of them in stories"));

    private static void Line(string name, string value) => Console.Out.WriteLine($"{name,-24}{value}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
