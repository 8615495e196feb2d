using System.CommandLine;
using NasCluster.Core.Specification;
using NasCluster.Embedded.Storage;
using NasCluster.Local.Runs;
using NasCluster.Pipeline;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary><c>nas search</c>: a new search, in a run directory of its own.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("search.yaml") { Description = "The search as a file; options override what it says. With neither file nor model: the small super-network that comes along.", Arity = ArgumentArity.ZeroOrOne, Validators = { OptionKinds.RefuseOption } };
        var output = OptionKinds.Text("--out", "DIR", "The run directory to make. Default: the next number under runs.");
        (Option<string?> Option, string Key)[] overrides =
        [
            (OptionKinds.Text("--model", "DIR|FILE", "The checkpoint: a Hugging Face directory or a llama2.c .bin file."), "model"),
            (OptionKinds.Text("--tokenizer", "FILE", ProgramTokenizers.Described), "tokenizer"),
            (OptionKinds.Text("--text", "FILE", "A UTF-8 text to score on."), "data.text"),
            (OptionKinds.Text("--evaluations", "N", "How many candidates to evaluate."), "budget.evaluations"),
            (OptionKinds.Text("--seed", "S", "Seed of every random choice."), "seed"),
        ];
        var set = OptionKinds.Settings("Any other key of search.yaml, such as --set space.depth=[3,4,5].");
        var command = new Command("search", "Search a checkpoint's sub-networks for the best trade-offs.") { file, output };
        foreach (var (option, _) in overrides)
        {
            command.Add(option);
        }

        command.Add(set);
        var run = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            var given = overrides.Where(o => parsed.GetValue(o.Option) is not null)
                .Select(o => new SpecOverride(o.Key, parsed.GetValue(o.Option)!, o.Option.Name))
                .Concat((parsed.GetValue(set) ?? []).Select(SpecOptions.Setting)).ToArray();
            var search = parsed.GetValue(file) ?? (given.Any(o => o.Key == "model") ? null : ShippedSuperNetwork.SearchFile);
            return await RunAsync(search, given, parsed.GetValue(output) ?? RunNames.NextDirectory("runs"), parsed, run);
        });
        return command;
    }

    /// <summary>Starts a search, and carries it out.</summary>
    public static async Task<int> RunAsync(string? file, SpecOverride[] overrides, string output, ParseResult parsed, RunOptions run)
    {
        var reading = file is null ? SearchSpecReader.Read("", overrides) : SearchSpecReader.ReadFile(file, overrides);
        var spec = SpecPaths.Resolve(reading.SpecOrThrow(file), file, overrides.Select(o => o.Key).ToHashSet(StringComparer.Ordinal));
        RunDirectory.RequireNoRun(output); // A large model takes long to load.
        if (spec.Pruning != new PruningSpec())
        {
            RunPlace.RequireFree(output);
        }

        using var search = Load(spec, reading, file, parsed, run);
        RunOptions.CheckTable(search);
        var specification = new RunSpecification(
            file is null ? SearchSpecWriter.Write(spec) : InputFile.ReadText(file),
            SearchSpecWriter.Write(spec),
            search.Provenance.Add(ProvenanceNames.ProgramVersion, ProgramVersion.Text));
        if (!search.Plan.NeedsScores)
        {
            search.Plan.CreateSearch(null); // Whatever cannot be searched is refused here, before anything is written.
        }

        using var cache = run.OpenCache(parsed, search.Plan);
        using var directory = RunDirectory.Create(output, specification, TimeProvider.System);
        return await SearchSession.RunAsync(directory, search, run.Read(parsed, output, search.Plan, cache));
    }

    private static LoadedSearch Load(SearchSpec spec, SpecReading reading, string? file, ParseResult parsed, RunOptions run)
    {
        try
        {
            return LoadedSearch.Load(spec, plan => run.ChooseEngine(parsed, plan), TimeProvider.System, ProgramTokenizers.FilesOf(spec));
        }
        catch (SpecificationException exception)
        {
            // What does not fit the model is found late; say where in the file it stands all the same.
            throw new SpecificationException(file, reading.Locate(exception.Problems));
        }
    }
}
