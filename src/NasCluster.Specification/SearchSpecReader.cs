using System.Collections.Immutable;
using System.Text;
using NasCluster.Core;
using NasCluster.Core.Specification;

namespace NasCluster.Specification;

/// <summary>Reads search.yaml (or JSON, which is YAML) and reports every problem at once, each with its place.</summary>
public static class SearchSpecReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Values that replace the file's.</param>
    /// <exception cref="NasClusterException">It cannot be read or is not UTF-8.</exception>
    /// <exception cref="SpecificationException">It is not YAML at all or breaks a limit.</exception>
    public static SpecReading ReadFile(string path, IReadOnlyList<SpecOverride>? overrides = null)
    {
        string text;
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[SpecLimits.Length + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > SpecLimits.Length)
            {
                throw new NasClusterException($"{path} is longer than {SpecLimits.Length} bytes; it cannot be a search specification.");
            }

            var marked = length >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF;
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, marked ? 3 : 0, length - (marked ? 3 : 0));
        }
        catch (DecoderFallbackException e)
        {
            throw new NasClusterException($"{path} is not UTF-8: byte {e.Index} starts no character.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new NasClusterException($"{path} cannot be read: {e.Message}", e);
        }

        return Read(text, overrides);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML or JSON; empty for nothing but defaults and overrides.</param>
    /// <param name="overrides">Values that replace the text's.</param>
    public static SpecReading Read(string text, IReadOnlyList<SpecOverride>? overrides = null)
    {
        Node? root;
        try
        {
            root = NodeReader.Read(text);
        }
        catch (SpecificationException e)
        {
            return new SpecReading(new SearchSpec(), e.Problems, ImmutableDictionary<string, (int, int)>.Empty, p => p);
        }

        var values = new ValueReader();
        var found = new KeyWalk(values);
        found.Walk(root);
        foreach (var change in overrides ?? [])
        {
            found.Override(change);
        }

        var spec = new SearchSpec();
        foreach (var key in SearchSpecKeys.All)
        {
            if (found.Values.TryGetValue(key.Path, out var given) && values.Read(key, given.Node, given.Origin) is { } value)
            {
                spec = key.Set(spec, value);
            }
        }

        // A value that could not be read is left at its default; what follows from that default is no problem of the user's.
        var broken = root is null or MappingNode ? SearchSpecRules.Check(spec).Where(p => !values.IsSpoilt(p.Key)) : [];
        var follow = SpecReading.Locate(broken, values.Places);
        var ordered = values.Problems.Concat(follow.Select(found.Explain)).OrderBy(p => p.Line ?? int.MaxValue).ThenBy(p => p.Column ?? 0).ToImmutableArray();
        if (ordered.Length > SpecLimits.Problems)
        {
            var more = new SpecProblem("", $"there are {ordered.Length - SpecLimits.Problems} more problems.");
            ordered = [.. ordered.Take(SpecLimits.Problems), more];
        }

        return new SpecReading(spec, ordered, values.Places, found.Explain);
    }
}
