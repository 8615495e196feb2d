using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A directory of models with a copy of the shipped super-network in it, which a test may spoil.</summary>
internal sealed class ModelDirectory : IDisposable
{
    private const string Shipped = "small-world";
    private readonly TemporaryDirectory _directory = new();

    public ModelDirectory()
    {
        Directory.CreateDirectory(Path);
        Add(Shipped);
    }

    public string Path => _directory.At("models");

    /// <summary>Puts a copy of the shipped super-network into it.</summary>
    /// <param name="name">What the copy is called.</param>
    public void Add(string name)
    {
        // Silos look at any time: it appears whole.
        var copy = Directory.CreateDirectory(_directory.At("unfinished"));
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(ShippedSearch.Models, Shipped)))
        {
            File.Copy(file, System.IO.Path.Combine(copy.FullName, System.IO.Path.GetFileName(file)));
        }

        copy.MoveTo(System.IO.Path.Combine(Path, name));
    }

    /// <summary>Damages the shipped super-network such that it cannot be opened, although its directory looks as it did.</summary>
    public void Damage() => File.WriteAllText(System.IO.Path.Combine(Path, Shipped, "config.json"), "{}");

    public void Dispose() => _directory.Dispose();
}
