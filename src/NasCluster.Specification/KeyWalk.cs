using NasCluster.Core.Specification;

namespace NasCluster.Specification;

/// <summary>Finds the known keys of a document, and names the unknown and repeated ones.</summary>
internal sealed class KeyWalk(ValueReader values)
{
    private static readonly Dictionary<string, SpecKey> Keys = SearchSpecKeys.All.ToDictionary(k => k.Path, StringComparer.Ordinal);
    private static readonly HashSet<string> Sections = SearchSpecKeys.Sections.Select(s => s.Path).ToHashSet(StringComparer.Ordinal);

    /// <summary>The value of every known key given, and where it came from if not from the file.</summary>
    internal Dictionary<string, (Node Node, string? Origin)> Values { get; } = new(StringComparer.Ordinal);

    internal void Walk(Node? root)
    {
        if (root is MappingNode mapping)
        {
            WalkSection("", mapping);
        }
        else if (root is not null)
        {
            values.Add(root, "", $"the file is {root.Describe()}; it must be a mapping of keys such as model and data.");
        }
    }

    internal void Override(SpecOverride change)
    {
        if (!Keys.TryGetValue(change.Key, out var key))
        {
            values.Add(null, change.Key, $"{change.Origin}: there is no key '{change.Key}'{Spelling.Suggestion(change.Key, Keys.Keys)}.");
            return;
        }

        try
        {
            Node? node = key.Kind is SpecKeyKind.Text or SpecKeyKind.Word ? new ScalarNode(0, 0, change.Value, IsPlain: false) : NodeReader.Read(change.Value);
            if (node is null)
            {
                values.Add(null, change.Key, $"{change.Origin}: {change.Key} is empty.");
                return;
            }

            Values[change.Key] = (node, change.Origin);
            values.Forget(change.Key);
        }
        catch (SpecificationException e)
        {
            values.Add(null, change.Key, $"{change.Origin}: {e.Problems[0].Message}");
        }
    }

    /// <summary>A problem with the option that caused it named, when its value came from one.</summary>
    internal SpecProblem Explain(SpecProblem problem)
    {
        var key = problem.Key.Split('[')[0];
        return Values.TryGetValue(key, out var given) && given.Origin is { } origin ? new(problem.Key, $"{origin}: {problem.Message}") : problem;
    }

    private void WalkSection(string path, MappingNode section)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, value) in section.Entries)
        {
            var full = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            if (!first.TryAdd(key.Value, key.Line))
            {
                values.Add(key, full, $"{Shown(path, key)} is there twice; it is first in line {first[key.Value]}.");
            }
            else if (Keys.ContainsKey(full))
            {
                values.Place(full, value is ScalarNode { IsNull: true } ? key : value);
                Values[full] = (value, null);
            }
            else if (!Sections.Contains(full))
            {
                values.Add(key, full, $"{Shown(path, key)} is no known key{Spelling.Suggestion(key.Value, Children(path))}; "
                    + $"{(path.Length == 0 ? "the file" : path)} may have {string.Join(", ", Children(path))}.");
            }
            else if (value is MappingNode mapping)
            {
                values.Place(full, key);
                WalkSection(full, mapping);
            }
            else if (value is not ScalarNode { IsNull: true })
            {
                values.Add(value, full, $"{full} is {value.Describe()}; it must be a mapping of {string.Join(", ", Children(full))}.");
            }
        }
    }

    private static string Shown(string path, ScalarNode key) => path.Length == 0 ? key.Describe().Trim('\'') : $"{path}.{key.Describe().Trim('\'')}";

    private static IEnumerable<string> Children(string path) =>
        Keys.Keys.Concat(Sections)
            .Where(k => path.Length == 0 || k.StartsWith(path + ".", StringComparison.Ordinal))
            .Select(k => (path.Length == 0 ? k : k[(path.Length + 1)..]).Split('.')[0])
            .Distinct();
}
