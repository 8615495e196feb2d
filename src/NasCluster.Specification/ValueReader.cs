using System.Collections.Immutable;
using NasCluster.Core.Specification;

namespace NasCluster.Specification;

/// <summary>Turns nodes into the values that <see cref="SpecKey.Set"/> takes, and gathers what is wrong with them.</summary>
internal sealed class ValueReader
{
    /// <summary>More examples than that no published figure has.</summary>
    internal const int MostShots = 64;

    private static readonly string[] TaskKeys = ["path", "task", "shots", "limit"];

    private readonly List<SpecProblem> _problems = [];
    private string? _origin;

    internal IReadOnlyList<SpecProblem> Problems => _problems;

    /// <summary>Where each key and element stands.</summary>
    internal Dictionary<string, (int Line, int Column)> Places { get; } = new(StringComparer.Ordinal);

    internal void Place(string path, Node node) => Places[path] = (node.Line, node.Column);

    internal void Add(Node? node, string path, string message) =>
        _problems.Add(node is { Line: > 0 } && _origin is null
            ? new(node.Line, node.Column, path, message)
            : new(path, _origin is null ? message : $"{_origin}: {message}"));

    /// <summary>Drops what was found about a key whose value is replaced.</summary>
    internal void Forget(string path)
    {
        _problems.RemoveAll(p => IsWithin(p.Key, path));
        foreach (var place in Places.Keys.Where(k => IsWithin(k, path)).ToArray())
        {
            Places.Remove(place);
        }
    }

    /// <summary>Whether a rule about a key may have been broken only because something it looks at could not be read.</summary>
    internal bool IsSpoilt(string key) => _problems.Any(p => p.Key.Length > 0 && (IsWithin(key, p.Key) || IsWithin(p.Key, key)))
        || (IsAboutObjectives(key) && _problems.Any(p => IsWithin(p.Key, "objectives") || IsWithin(p.Key, "data.tasks")))
        || _problems.Any(p => Spelling.Nearest(Last(p.Key), [Last(key)]) is not null && Parent(p.Key) == Parent(key));

    /// <summary>Reads the value of a key.</summary>
    /// <param name="key">What it should be.</param>
    /// <param name="node">What it is.</param>
    /// <param name="origin">The option that gave it; null when the file did.</param>
    /// <returns>Null when it is empty (the default stays) or wrong.</returns>
    internal object? Read(SpecKey key, Node node, string? origin)
    {
        _origin = origin;
        var before = _problems.Count;
        var value = node is ScalarNode { IsNull: true } ? null : ReadKind(key, node);
        _origin = null;
        return _problems.Count == before ? value : null;
    }

    private object? ReadKind(SpecKey key, Node node) => key.Kind switch
    {
        SpecKeyKind.Text => Text(key.Path, node),
        SpecKeyKind.Integer => Integer(key.Path, node, key.Range, "a whole number"),
        SpecKeyKind.Number => Number(key.Path, node, key.Range),
        SpecKeyKind.Word => Word(key, node),
        SpecKeyKind.IntegerOrWord => node is ScalarNode { IsText: true } ? Word(key, node) : Integer(key.Path, node, key.Range, $"a whole number or {key.Words[0]}"),
        SpecKeyKind.Integers => List(key.Path, node, "a list of whole numbers", Integers(key)),
        SpecKeyKind.IntegersOrWord => node is ScalarNode { IsText: true } ? Word(key, node) : List(key.Path, node, $"{key.Words[0]} or a list of whole numbers", Integers(key)),
        SpecKeyKind.Shares => List(key.Path, node, "a list of shares", (path, item) => Number(path, item, key.Range)),
        SpecKeyKind.Widths => List(key.Path, node, "a list of widths", (path, item) => Number(path, item, key.Range)),
        SpecKeyKind.Texts => TextList(key.Path, node),
        SpecKeyKind.Tasks => Tasks(key.Path, node),
        SpecKeyKind.Constraints => Constraints(key.Path, node),
        _ => throw new InvalidOperationException($"{key.Path} is of kind {key.Kind}, which has no reader."),
    };

    private Func<string, Node, long?> Integers(SpecKey key) => (path, item) => Integer(path, item, key.Range, "a whole number");

    private string? Text(string path, Node node)
    {
        if (node is ScalarNode { IsText: true } text)
        {
            return text.Value;
        }

        var quote = node is ScalarNode { IsNull: false };
        Add(node, path, $"{path} is {node.Describe()}; it must be text{(quote ? " (put it in quotes)" : "")}.");
        return null;
    }

    private string? Word(SpecKey key, Node node)
    {
        if (node is ScalarNode word && key.Words.Contains(word.Value))
        {
            return word.Value;
        }

        var suggestion = node is ScalarNode slip ? Spelling.Suggestion(slip.Value, key.Words) : "";
        var rule = key.Kind == SpecKeyKind.Word ? $"one of {string.Join(", ", key.Words)}"
            : key.Kind == SpecKeyKind.IntegerOrWord ? $"a whole number or {key.Words[0]}" : $"{key.Words[0]} or a list of whole numbers";
        Add(node, key.Path, $"{key.Path} is {node.Describe()}{suggestion}; it must be {rule}.");
        return null;
    }

    private long? Integer(string path, Node node, NumberRange? range, string rule)
    {
        if (node is not ScalarNode { IsPlain: true } scalar || !Numbers.TryInteger(scalar.Value, out var integer, out var approximate))
        {
            Add(node, path, $"{path} is {node.Describe()}; it must be {rule}.");
            return null;
        }

        if (integer is null || range?.Contains(integer.Value) == false)
        {
            Add(node, path, $"{path} is {node.Describe()}; it must be {range ?? new NumberRange(long.MinValue, long.MaxValue)}.");
            return null;
        }

        return integer;
    }

    private double? Number(string path, Node node, NumberRange? range)
    {
        if (node is not ScalarNode { IsPlain: true } scalar || !Numbers.TryNumber(scalar.Value, out var value))
        {
            Add(node, path, $"{path} is {node.Describe()}; it must be a number.");
            return null;
        }

        if (range?.Contains(value) == false || !double.IsFinite(value))
        {
            Add(node, path, $"{path} is {node.Describe()}; it must be {(range is null ? "finite" : range)}.");
            return null;
        }

        return value;
    }

    private object? List<T>(string path, Node node, string rule, Func<string, Node, T?> read)
        where T : struct
    {
        if (node is not SequenceNode { Items.Count: > 0 } list)
        {
            Add(node, path, $"{path} is {(node is SequenceNode ? "an empty list" : node.Describe())}; it must be {rule}.");
            return null;
        }

        var values = ImmutableArray.CreateBuilder<T>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            Place($"{path}[{i}]", list.Items[i]);
            if (read($"{path}[{i}]", list.Items[i]) is { } value)
            {
                values.Add(value);
            }
        }

        return values.ToImmutable();
    }

    private object? TextList(string path, Node node)
    {
        // Text is a class, so a one-element wrapper lets lists of text share the code of lists of numbers.
        var wrapped = List<ValueTuple<string>>(path, node, "a list of names", (p, item) => Text(p, item) is { } text ? ValueTuple.Create(text) : null);
        return wrapped is ImmutableArray<ValueTuple<string>> texts ? texts.Select(t => t.Item1).ToImmutableArray() : null;
    }

    private object? Tasks(string path, Node node)
    {
        var tasks = ImmutableArray.CreateBuilder<TaskSpec>();
        foreach (var (name, key, value) in Entries(path, node, "a mapping from task names to files"))
        {
            if (value is MappingNode)
            {
                tasks.Add(HarnessTask(name, key, value));
            }
            else if (Text(key, value) is { } file)
            {
                tasks.Add(new(name, file));
            }
        }

        return tasks.ToImmutable();
    }

    // What the task is called in the harness is mostly what it is called here.
    private TaskSpec HarnessTask(string name, string path, Node node)
    {
        var task = new TaskSpec(name, "") { Task = name };
        foreach (var (member, key, value) in Entries(path, node, "a mapping with path, task, shots, limit"))
        {
            task = member switch
            {
                "path" => task with { Path = Text(key, value) ?? "?" },
                "task" => task with { Task = Text(key, value) ?? name },
                "shots" => task with { Shots = (int)(Integer(key, value, new(0, MostShots), "a whole number") ?? 0) },
                "limit" => task with { Limit = (int?)Integer(key, value, new(1, int.MaxValue), "a whole number") },
                _ => Unknown(member, key, value),
            };
        }

        return task;

        TaskSpec Unknown(string member, string key, Node value)
        {
            Add(value, key, $"{key} is no known key{Spelling.Suggestion(member, TaskKeys)}; a task may have {string.Join(", ", TaskKeys)}.");
            return task;
        }
    }

    private object? Constraints(string path, Node node)
    {
        var constraints = ImmutableArray.CreateBuilder<ConstraintSpec>();
        foreach (var (name, key, value) in Entries(path, node, "a mapping from names of values to {min, max}"))
        {
            double? minimum = null;
            double? maximum = null;
            foreach (var (bound, boundKey, number) in Entries(key, value, "a mapping with min or max"))
            {
                if (bound is not ("min" or "max"))
                {
                    Add(number, boundKey, $"{boundKey} is no known key{Spelling.Suggestion(bound, ["min", "max"])}; a constraint may have min, max.");
                }
                else if (bound == "min")
                {
                    minimum = Number(boundKey, number, null);
                }
                else
                {
                    maximum = Number(boundKey, number, null);
                }
            }

            constraints.Add(new(name, minimum, maximum));
        }

        return constraints.ToImmutable();
    }

    private IEnumerable<(string Name, string Path, Node Value)> Entries(string path, Node node, string rule)
    {
        if (node is not MappingNode mapping)
        {
            Add(node, path, $"{path} is {node.Describe()}; it must be {rule}.");
            yield break;
        }

        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries)
        {
            var shown = key.Describe().Trim('\'');
            var full = $"{path}.{shown}";
            if (!first.TryAdd(key.Value, key.Line))
            {
                Add(key, full, $"{full} is there twice; it is first in line {first[key.Value]}.");
                continue;
            }

            Place(full, value);
            yield return (key.Value, full, value);
        }
    }

    private static bool IsAboutObjectives(string key) => IsWithin(key, "objectives") || IsWithin(key, "constraints") || key == "data.text";

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('.'))];

    private static bool IsWithin(string key, string path) =>
        key == path || (key.StartsWith(path, StringComparison.Ordinal) && path.Length > 0 && key[path.Length] is '.' or '[');
}
