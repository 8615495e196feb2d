using System.Globalization;

namespace NasCluster.Cluster.Benchmarks;

/// <summary><c>--name value</c> pairs.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">They are not pairs.</exception>
    public Arguments(IEnumerable<string> arguments)
    {
        foreach (var pair in arguments.Chunk(2))
        {
            if (pair is not [['-', '-', .. var name], var value])
            {
                throw new ArgumentException($"'{string.Join(' ', pair)}' is no '--name value'.");
            }

            _values[name] = value;
        }
    }

    /// <summary>A value, or what it is when it is not given.</summary>
    /// <exception cref="ArgumentException">It is no such value.</exception>
    public T Get<T>(string name, T otherwise)
        where T : IParsable<T>
    {
        _asked.Add(name);
        return !_values.TryGetValue(name, out var text) ? otherwise
            : T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
            : throw new ArgumentException($"--{name} is '{text}'; it must be a {typeof(T).Name}.");
    }

    /// <summary>Refuses what nobody asked for.</summary>
    /// <exception cref="ArgumentException">There is a name that means nothing.</exception>
    public void End()
    {
        if (_values.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"There is no --{unknown} here.");
        }
    }
}
