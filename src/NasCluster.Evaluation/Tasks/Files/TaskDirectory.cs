using NasCluster.Core;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Files;

/// <summary>Finds a task's files by their published names.</summary>
/// <remarks>
/// A name may carry a word between stem and ending that says what was done to the file: where there is no <c>ARC-Easy-Test.jsonl</c>,
/// <c>ARC-Easy-Test.derived.jsonl</c> is taken.
/// </remarks>
/// <param name="path">The folder the files lie in, or the one above the task's own.</param>
/// <param name="folders">What the task's own folder may be called.</param>
internal sealed class TaskDirectory(string path, params string[] folders)
{
    /// <summary>The first of several names that is there; null when none is.</summary>
    /// <exception cref="NasClusterException">Several files could be meant.</exception>
    internal string? TryFind(params string[] names)
    {
        foreach (var folder in folders.Select(f => Path.Combine(path, f)).Prepend(path).Where(Directory.Exists))
        {
            foreach (var name in names)
            {
                if (Find(folder, name) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>The first of several names that is there.</summary>
    /// <param name="what">What is looked for, for the message.</param>
    /// <param name="names">Names, the likeliest first; a name may have folders before it.</param>
    /// <exception cref="NasClusterException">None is there, or several files could be meant.</exception>
    internal string Find(string what, params string[] names) => TryFind(names)
        ?? throw new NasClusterException(
            $"{what} is not in {path}{(folders.Length == 0 ? "" : $" or its folder {string.Join(" or ", folders)}")}; it must be called {string.Join(" or ", names)}.");

    /// <summary>Reads the first of several names that is there.</summary>
    /// <exception cref="NasClusterException">None is there, or it cannot be read.</exception>
    internal NamedText Read(string what, params string[] names)
    {
        var file = Find(what, names);
        return new NamedText(TextFile.Read(file), file);
    }

    private static string? Find(string folder, string name)
    {
        var exact = Path.Combine(folder, name);
        if (File.Exists(exact))
        {
            return exact;
        }

        var place = Path.GetDirectoryName(exact)!;
        if (!Directory.Exists(place))
        {
            return null;
        }

        var (stem, ending) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        string[] tagged = [.. Directory.EnumerateFiles(place, $"{stem}.*{ending}").Where(f => f.EndsWith(ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        return tagged.Length > 1
            ? throw new NasClusterException($"{place} has {string.Join(" and ", tagged.Select(Path.GetFileName))}; only one of them can be {name}.")
            : tagged.FirstOrDefault();
    }
}
