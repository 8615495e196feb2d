using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Evaluation;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Specification;

/// <summary>What makes a specification usable. Every broken rule is reported, not only the first.</summary>
public static class SearchSpecRules
{
    /// <summary>The rules that need nothing but the specification.</summary>
    public static ImmutableArray<SpecProblem> Check(SearchSpec spec)
    {
        var problems = ImmutableArray.CreateBuilder<SpecProblem>();
        foreach (var key in SearchSpecKeys.All)
        {
            CheckRange(key, key.Get(spec), problems);
        }

        if (string.IsNullOrWhiteSpace(spec.Model))
        {
            problems.Add(new("model", "model is missing; it names the checkpoint to search."));
        }

        CheckData(spec.Data, problems);
        CheckSpace(spec.Space, problems);
        CheckObjectives(spec, problems);
        CheckConstraints(spec, problems);
        PruningRules.Check(spec, problems);
        AlgorithmRules.Check(spec, problems);
        return problems.ToImmutable();
    }

    /// <summary>The rules that need the model's shape as well: depths, widths and the window must fit it.</summary>
    public static ImmutableArray<SpecProblem> CheckAgainst(SearchSpec spec, LlamaConfiguration configuration)
    {
        var problems = ImmutableArray.CreateBuilder<SpecProblem>();
        SpaceRules.CheckAgainst(spec.Space, configuration, problems);
        CheckPositions("data.window", spec.Data.Window);
        CheckPositions("measurement.tokens", spec.Measurement.Tokens);
        CheckPositions("costs.context", spec.Costs.Context);
        if (Decodes(spec) && (spec.Measurement.Tokens ?? 2) + spec.Measurement.NewTokens is var tokens && tokens > configuration.MaximumPositions)
        {
            var first = spec.Measurement.Tokens is { } given ? $"measurement.tokens {given}" : "the 2 tokens before them";
            problems.Add(new("measurement.new_tokens",
                $"measurement.new_tokens is {spec.Measurement.NewTokens}, with {first} {tokens}; the model takes at most {configuration.MaximumPositions} positions."));
        }

        return problems.ToImmutable();

        void CheckPositions(string key, int? tokens)
        {
            if (tokens > configuration.MaximumPositions)
            {
                problems.Add(new(key, $"{key} is {tokens}; the model takes at most {configuration.MaximumPositions} positions."));
            }
        }
    }

    private static bool Decodes(SearchSpec spec) => spec.Objectives.Concat(spec.Constraints.Select(c => c.Name)).Any(ObjectiveCatalog.NeedsDecoding);

    private static void CheckRange(SpecKey key, object? value, ImmutableArray<SpecProblem>.Builder problems)
    {
        if (key.Range is not { } range)
        {
            return;
        }

        switch (value)
        {
            case long number:
                Add(range.Check(key.Path, number));
                break;
            case double number:
                Add(range.Check(key.Path, number));
                break;
            case ImmutableArray<long> numbers:
                for (var i = 0; i < numbers.Length; i++)
                {
                    Add(range.Check($"{key.Path}[{i}]", numbers[i]));
                }

                break;
            case ImmutableArray<double> numbers:
                for (var i = 0; i < numbers.Length; i++)
                {
                    Add(range.Check($"{key.Path}[{i}]", numbers[i]));
                }

                break;
        }

        void Add(SpecProblem? problem)
        {
            if (problem is not null)
            {
                problems.Add(problem);
            }
        }
    }

    private static void CheckData(DataSpec data, ImmutableArray<SpecProblem>.Builder problems)
    {
        if (data.Window is { } window && data.Stride is { } stride && stride > window)
        {
            problems.Add(new("data.stride", $"data.stride is {stride}; it must be at most data.window, {window}, or tokens between windows are lost."));
        }

        if (data.Separator is { Length: 0 })
        {
            problems.Add(new("data.separator", "data.separator is empty; leave it out when the file is one document."));
        }

        if (data is { Documents: DocumentRule.Apart, Text: not null, Separator: null })
        {
            problems.Add(new("data.documents", "data.documents is apart; it needs data.separator to tell one document from the next."));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var builtIn = ObjectiveCatalog.BuiltIn.Append(ObjectiveCatalog.MeanAccuracy).Append(ObjectiveCatalog.MeanNormalisedAccuracy).Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var task in data.Tasks)
        {
            var key = $"data.tasks.{task.Name}";
            if (!IsTaskName(task.Name))
            {
                problems.Add(new(key, $"{key}: a task's name starts with a small letter and goes on with small letters, digits and _."));
            }
            else if (builtIn.Contains(task.Name))
            {
                problems.Add(new(key, $"{key}: {task.Name} is an objective already; name the task otherwise."));
            }
            else if (task.Name.EndsWith(ObjectiveCatalog.NormalisedSuffix, StringComparison.Ordinal))
            {
                problems.Add(new(key, $"{key}: names ending in {ObjectiveCatalog.NormalisedSuffix} are kept for length-normalised accuracy."));
            }

            if (!seen.Add(task.Name))
            {
                problems.Add(new(key, $"{key} is there twice; each task needs a name of its own."));
            }

            if (task.Task is { } harness && HarnessTasks.MetricsOf(harness).IsEmpty)
            {
                problems.Add(new($"{key}.task", $"{key}.task is '{harness}'{Spelling.Suggestion(harness, [.. HarnessTasks.Names])}; there are {string.Join(", ", HarnessTasks.Names)}, and mmlu_ with a group or a subject."));
            }

            if (string.IsNullOrWhiteSpace(task.Path))
            {
                problems.Add(new(key, $"{key} is empty; it must be the path of a file of questions."));
            }
        }
    }

    private static bool IsTaskName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static void CheckSpace(SpaceSpec space, ImmutableArray<SpecProblem>.Builder problems)
    {
        for (var i = 0; i < space.Mlp.Length; i++)
        {
            if (space.Mlp[i].Value > 0 && double.IsFinite(space.Mlp[i].Value) && space.Mlp[i].Value <= int.MaxValue && !space.Mlp[i].IsValid)
            {
                problems.Add(new($"space.mlp[{i}]", $"space.mlp[{i}] is {space.Mlp[i]}; it must be a share in (0, 1] or a whole number of channels from 2."));
            }
        }

        CheckRepeats("space.depth", space.Depth, problems);
        CheckRepeats("space.mlp", space.Mlp, problems);
        CheckRepeats("space.kv_groups", space.KvGroups, problems);
        if (space.LayerOrder is { } order)
        {
            CheckRepeats("space.layer_order", order, problems);
            for (var i = 0; i < order.Length; i++)
            {
                if (order[i] >= order.Length)
                {
                    problems.Add(new($"space.layer_order[{i}]",
                        $"space.layer_order[{i}] is {order[i]}; the list must name each of its {order.Length} layers, 0 to {order.Length - 1}, once."));
                }
            }

            if (order.IsEmpty)
            {
                problems.Add(new("space.layer_order", $"space.layer_order is empty; it must be {SearchSpecKeys.PrefixWord} or name every layer of the model."));
            }
        }
    }

    private static void CheckObjectives(SearchSpec spec, ImmutableArray<SpecProblem>.Builder problems)
    {
        if (spec.Objectives.IsEmpty)
        {
            problems.Add(new("objectives", "objectives is empty; it must name at least one objective."));
        }

        CheckRepeats("objectives", spec.Objectives, problems);
        for (var i = 0; i < spec.Objectives.Length; i++)
        {
            CheckName($"objectives[{i}]", $"objectives[{i}]", spec.Objectives[i], spec, problems);
        }
    }

    private static void CheckConstraints(SearchSpec spec, ImmutableArray<SpecProblem>.Builder problems)
    {
        CheckRepeats("constraints", [.. spec.Constraints.Select(c => c.Name)], problems);
        foreach (var constraint in spec.Constraints)
        {
            var key = $"constraints.{constraint.Name}";
            CheckName(key, "constraints", constraint.Name, spec, problems);
            if (constraint is { Minimum: null, Maximum: null })
            {
                problems.Add(new(key, $"{key} has neither min nor max; it must have at least one."));
            }

            CheckBound($"{key}.min", constraint.Minimum, problems);
            CheckBound($"{key}.max", constraint.Maximum, problems);
            if (constraint.Minimum > constraint.Maximum)
            {
                problems.Add(new(key, $"{key} has min {Number(constraint.Minimum)} above max {Number(constraint.Maximum)}; nothing can meet both."));
            }
        }
    }

    private static void CheckBound(string key, double? bound, ImmutableArray<SpecProblem>.Builder problems)
    {
        if (bound is { } number && !double.IsFinite(number))
        {
            problems.Add(new(key, $"{key} is {Number(number)}; it must be finite."));
        }
    }

    private static void CheckName(string key, string what, string name, SearchSpec spec, ImmutableArray<SpecProblem>.Builder problems)
    {
        var tasks = spec.Data.Tasks.Select(t => (t.Name, t.Task)).ToArray();
        if (ObjectiveCatalog.FindAmong(name, tasks) is null)
        {
            var known = ObjectiveCatalog.Among(tasks).Select(o => o.Name).ToArray();
            problems.Add(new(key, $"{what} names '{name}', which is no objective{Spelling.Suggestion(name, known)}; there are {string.Join(", ", known)}."));
        }
        else if (ObjectiveCatalog.NeedsText(name) && string.IsNullOrWhiteSpace(spec.Data.Text))
        {
            problems.Add(new("data.text", $"data.text is missing; {name} in {key} needs a text."));
        }
    }

    private static void CheckRepeats<T>(string path, ImmutableArray<T> values, ImmutableArray<SpecProblem>.Builder problems)
    {
        var seen = new HashSet<T>();
        for (var i = 0; i < values.Length; i++)
        {
            if (!seen.Add(values[i]))
            {
                problems.Add(new($"{path}[{i}]", $"{path}[{i}] is {values[i]} again; each value may be there once."));
            }
        }
    }

    private static string Number(double? value) => value!.Value.ToString("R", CultureInfo.InvariantCulture);
}
