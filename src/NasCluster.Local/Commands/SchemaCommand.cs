using System.CommandLine;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary><c>nas schema</c>: the JSON schema of search.yaml, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON schema of search.yaml, for editors and checkers.");
        command.SetAction(_ => Console.Out.WriteLine(SearchSpecSchema.Write()));
        return command;
    }
}
