using System.CommandLine;
using NasCluster.Client.Connection;
using NasCluster.Client.Searches;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Catalog;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Client.Commands;

/// <summary><c>nasctl search ...</c>: starts, watches and steers searches.</summary>
internal static class SearchCommands
{
    public static Command Create(ConnectionOptions connection) => new("search", "Start, watch and steer searches.")
    {
        Start(connection),
        List(connection),
        WatchCommand.Create(connection),
        Steer(connection, "pause", "Hand out nothing more until resumed.", (search, cancellation) => search.PauseAsync(cancellation)),
        Steer(connection, "resume", "Go on after a pause or a stop.", (search, cancellation) => search.ResumeAsync(cancellation)),
        Steer(connection, "stop", "Take back what is being evaluated and stop; resume goes on.", (search, cancellation) => search.StopAsync(cancellation)),
        Delete(connection),
        Front(connection),
        ReportCommand.Create(connection),
        StagesCommand.Create(connection),
    };

    private static Command Start(ConnectionOptions connection)
    {
        var file = new Option<string>("-f", "--file") { Description = "The search as a file, the same that 'nas search' takes.", Required = true };
        var name = new Option<string?>("--name") { Description = "The search's name. Default: the file's name and the time." };
        var model = new Option<string?>("--super-network") { Description = "A super-network of the cluster. Default: the file's model, which is stored if it is a path here." };
        var weight = new Option<double>("--weight") { Description = "Its share of the evaluators beside other searches.", DefaultValueFactory = _ => 1 };
        var set = new Option<string[]>("--set") { Description = "KEY=VALUE of search.yaml, such as seed=2.", AllowMultipleArgumentsPerToken = false };
        var watch = new Option<bool>("--watch") { Description = "Watch it to its end." };
        var format = Formats.Option();
        var command = new Command("start", "Start a search; its files are stored in the cluster.") { file, name, model, weight, set, watch, format };
        weight.Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() is > 0 and < 1e6))
            {
                result.AddError("--weight must be above 0 and below 1,000,000.");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            // All that can be checked here is, before anything is sent anywhere.
            var path = parsed.GetRequiredValue(file);
            var started = DateTimeOffset.UtcNow;
            var search = (parsed.GetValue(name) is { } given ? CatalogName.Parse(given, "search") : Names.OfSearch(path, started)).Value;
            if (SearchNames.IsReport(search))
            {
                throw new Core.NasClusterException($"'{search}' cannot be the name of a search: the cluster gives such names to the scoring of fronts.");
            }

            var spec = SearchFile.Read(path, [.. (parsed.GetValue(set) ?? []).Select(Settings.Parse)]);
            var superNetwork = SearchFile.SuperNetworkOf(spec, path, parsed.GetValue(model));
            return await Cluster.RunAsync(parsed, connection, cancellation, async (cluster, said) =>
            {
                await using var hold = await ContentHolding.BeginAsync(cluster, said, TimeProvider.System, cancellation);
                var specification = await SearchFile.StoreAsync(spec, path, superNetwork, cluster, said, cancellation);
                said("preparing the search");
                var calls = new Perseverance(TimeProvider.System, Perseverance.OfCommands);
                var prepared = await calls.CallAsync(() => cluster.Preparation.PrepareAsync(specification, cancellation), cancellation);
                var definition = new SearchDefinition { Name = search, Specification = specification, Prepared = prepared, Weight = parsed.GetValue(weight), Started = started };
                await calls.CallAsync(() => cluster.Searches.StartAsync(definition, cancellation), cancellation);
                if (!await hold.EndAsync(cancellation))
                {
                    // Whoever starts it again stores again what is gone; a search that lacks its data would only fail.
                    await cluster.Searches.DeleteAsync(search, cancellation);
                    throw new Core.NasClusterException($"'{search}' was not started: the start took so long a pause that its data may have been deleted meanwhile. Start it again.");
                }

                var shown = parsed.GetRequiredValue(format);
                if (!parsed.GetValue(watch))
                {
                    Formats.WriteOne(shown, search, ("name", search));
                    return ExitCode.Success;
                }

                if (Formats.Parse(shown) == FrontFormat.Table)
                {
                    Console.Out.WriteLine(search);
                }
                else
                {
                    said($"started {search}"); // Standard output is the front's alone.
                }

                return await WatchCommand.RunAsync(cluster, search, Formats.Parse(shown), cancellation);
            });
        });
        return command;
    }

    private static Command List(ConnectionOptions connection)
    {
        var format = Formats.Option();
        var command = new Command("list", "List all searches.") { format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, _) =>
        {
            var searches = await cluster.Searches.ListAsync(cancellation);
            Formats.Write(parsed.GetRequiredValue(format), ["name", "state", "started", "reason"], searches.Where(s => !SearchNames.IsReport(s.Name)).Select(s =>
                new object?[] { s.Name, Names.Of(s.State), s.Started.UtcDateTime.ToString("u", System.Globalization.CultureInfo.InvariantCulture), s.Reason }));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Front(ConnectionOptions connection)
    {
        var (name, format) = (NameArgument(), Formats.Option());
        var command = new Command("front", "Show the front of a search, finished or still going on.") { name, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, _) =>
        {
            var report = await SearchReport.ReadAsync(cluster, parsed.GetRequiredValue(name), cancellation);
            if (report.Evaluations == 0)
            {
                throw new Core.NasClusterException($"{parsed.GetRequiredValue(name)}: nothing has been evaluated yet, so there is no front.");
            }

            SearchReport.Show(report, Formats.Parse(parsed.GetRequiredValue(format)));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Delete(ConnectionOptions connection)
    {
        var (name, format) = (NameArgument(), Formats.Option());
        var command = new Command("delete", "Stop a search and delete everything recorded of it.") { name, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, _) =>
        {
            await cluster.Searches.DeleteAsync(parsed.GetRequiredValue(name), cancellation); // Not repeated: it is refused where it was done before.
            Formats.WriteOne(parsed.GetRequiredValue(format), null, ("name", parsed.GetRequiredValue(name)), ("state", "deleted"));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Steer(ConnectionOptions connection, string verb, string description, Func<IPopulationGrain, CancellationToken, Task> steer)
    {
        var (name, format) = (NameArgument(), Formats.Option());
        var command = new Command(verb, description) { name, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, _) =>
        {
            var search = cluster.Search(parsed.GetRequiredValue(name));
            var calls = new Perseverance(TimeProvider.System, Perseverance.OfCommands);
            await calls.CallAsync(() => steer(search, cancellation), cancellation);
            var state = (await calls.CallAsync(() => search.GetProgressAsync(cancellation), cancellation)).State;
            Formats.WriteOne(parsed.GetRequiredValue(format), null, ("name", parsed.GetRequiredValue(name)), ("state", Names.Of(state)));
            return ExitCode.Success;
        }));
        return command;
    }

    /// <summary>The search a command is about.</summary>
    public static Argument<string> NameArgument()
    {
        var name = new Argument<string>("NAME") { Description = "The search." };

        // Checked here as well as in the cluster: what is no name is nobody's search.
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !CatalogName.TryParse(token.Value, out _))
            {
                result.AddError("NAME is no name of a search; 'nasctl search list' lists them.");
            }
        });
        return name;
    }
}
