using System.CommandLine;
using NasCluster.Core.Specification;
using NasCluster.Embedded.Storage;
using NasCluster.Local.Runs;
using NasCluster.Pipeline;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary><c>nas resume DIR</c>: goes on with a run that was stopped or killed, to the very end it would have had.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "The run directory.", Validators = { OptionKinds.RefuseOption } };
        var command = new Command("resume", "Go on with a run that was stopped or killed.") { directory };
        var run = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(directory);
            using var owned = RunDirectory.Open(path, TimeProvider.System);
            var spec = SearchSpecReader.Read(owned.Specification.Canonical).SpecOrThrow(path);
            using var search = Load(spec, path, parsed, run);
            RunOptions.CheckTable(search);
            search.CheckSameAs(owned.Specification.Provenance);
            using var cache = run.OpenCache(parsed, search.Plan);
            return await SearchSession.RunAsync(owned, search, run.Read(parsed, path, search.Plan, cache));
        });
        return command;
    }

    private static LoadedSearch Load(SearchSpec spec, string directory, ParseResult parsed, RunOptions run)
    {
        try
        {
            return LoadedSearch.Load(spec, plan => run.ChooseEngine(parsed, plan), TimeProvider.System, ProgramTokenizers.FilesOf(spec));
        }
        catch (SpecificationException exception)
        {
            // It fitted when the run was made, so the model is another by now.
            throw new SpecificationException(directory, exception.Problems);
        }
    }
}
