using System.CommandLine;
using System.Globalization;
using NasCluster.Client.Connection;
using NasCluster.Client.Searches;
using NasCluster.Contracts.Data;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.Storage.Contents;

namespace NasCluster.Client.Commands;

/// <summary><c>nasctl supernet ...</c> and <c>nasctl data ...</c>: what the cluster has stored by name.</summary>
internal static class DataCommands
{
    /// <summary>The commands about super-networks.</summary>
    public static Command SuperNetworks(ConnectionOptions connection) => new("supernet", "Store and check super-networks.")
    {
        Upload(connection, StoredDataKind.SuperNetwork, "A Hugging Face directory, or a llama2.c file with its .model file beside it."),
        List(connection, StoredDataKind.SuperNetwork, "List the stored super-networks."),
        Verify(connection),
        Delete(connection, StoredDataKind.SuperNetwork, "Delete a super-network by name, and what nothing else is made of."),
    };

    /// <summary>The commands about data.</summary>
    public static Command Data(ConnectionOptions connection) => new("data", "Store texts and questions, to be named in search files.")
    {
        Upload(connection, StoredDataKind.Data, "A text, or questions in ARC's layout."),
        List(connection, StoredDataKind.Data, "List the stored data."),
        Delete(connection, StoredDataKind.Data, "Delete data by name, and their content if no search was started on it."),
    };

    private static Command Upload(ConnectionOptions connection, StoredDataKind kind, string what)
    {
        var path = new Argument<string>("PATH") { Description = what };
        var name = new Option<string?>("--name") { Description = "Its name in the cluster. Default: that of the file or directory." };
        var format = Formats.Option();
        var command = new Command("upload", "Store it; what is there already is not sent again.") { path, name, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, said) =>
        {
            var (from, files) = (parsed.GetRequiredValue(path), new StoredFiles(cluster, said));
            await using var hold = await ContentHolding.BeginAsync(cluster, said, TimeProvider.System, cancellation);
            var stored = kind == StoredDataKind.SuperNetwork
                ? await files.PutSuperNetworkAsync(
                    from, parsed.GetValue(name) is { } model ? CatalogName.Parse(model, "super-network") : Names.OfModel(from), cancellation)
                : await files.PutDataAsync(
                    from, parsed.GetValue(name) is { } data ? CatalogName.Parse(data, "data set") : CatalogName.Suggested(Path.GetFileName(from), "data"), cancellation);
            Formats.WriteOne(parsed.GetRequiredValue(format), stored.Name, ("name", stored.Name), ("bytes", stored.Bytes), ("sha256", stored.Hash));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command List(ConnectionOptions connection, StoredDataKind kind, string description)
    {
        var format = Formats.Option();
        var command = new Command("list", description) { format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, _) =>
        {
            var stored = await cluster.Data.ListAsync(kind, cancellation);
            Formats.Write(parsed.GetRequiredValue(format), ["name", "bytes", "added", "sha256", "fingerprint"], stored.Select(d => new object?[]
            {
                d.Name, d.Bytes, d.Added.UtcDateTime.ToString("u", CultureInfo.InvariantCulture), d.Hash, d.Fingerprint,
            }));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Delete(ConnectionOptions connection, StoredDataKind kind, string description)
    {
        var name = new Argument<string>("NAME") { Description = "What to delete." };
        var format = Formats.Option();
        var command = new Command("delete", description) { name, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, _) =>
        {
            var named = CatalogName.Parse(parsed.GetRequiredValue(name), kind == StoredDataKind.SuperNetwork ? "super-network" : "data set").Value;
            await cluster.Data.DeleteAsync(kind, named, cancellation);
            Formats.WriteOne(parsed.GetRequiredValue(format), null, ("name", named), ("state", "deleted"));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Verify(ConnectionOptions connection)
    {
        var name = new Argument<string>("NAME") { Description = "The super-network." };
        var format = Formats.Option();
        var command = new Command("verify", "Read a stored super-network from end to end, and check every byte of it.") { name, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, said) =>
        {
            var stored = await cluster.Data.FindAsync(StoredDataKind.SuperNetwork, CatalogName.Parse(parsed.GetRequiredValue(name), "super-network").Value, cancellation)
                ?? throw new NasClusterException($"The cluster has stored no super-network '{parsed.GetRequiredValue(name)}'.");
            var manifest = await DirectoryContents.ReadManifestAsync(stored.Hash, cluster.Contents, cancellation);
            foreach (var file in manifest.Files)
            {
                await using var content = await cluster.Contents.OpenAsync(file.Hash, cancellation);
                await content.CopyToAsync(Stream.Null, cancellation);
                said($"{file.Path}: {file.Size} bytes are as they should be");
            }

            Formats.Write(parsed.GetRequiredValue(format), ["file", "bytes", "sha256"], manifest.Files.Select(f => new object?[] { f.Path, f.Size, f.Hash }));
            return ExitCode.Success;
        }));
        return command;
    }
}
