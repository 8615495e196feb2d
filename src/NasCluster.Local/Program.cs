using System.CommandLine;
using NasCluster.Local;
using NasCluster.Local.Commands;

var root = new RootCommand("Searches a LLaMA checkpoint for the sub-networks with the best trade-offs of accuracy, size and speed.")
{
    SearchCommand.Create(),
    ResumeCommand.Create(),
    FrontCommand.Create(),
    ScoreCommand.Create(),
    EvalCommand.Create(),
    PruneCommand.Create(),
    ExtractCommand.Create(),
    TrainCommand.Create(),
    InspectCommand.Create(),
    LatencyCommand.Create(),
    InitCommand.Create(),
    WorldCommand.Create(),
    SchemaCommand.Create(),
    DoctorCommand.Create(),
};

// No response files: '@' means a file to --architecture, and a text may be called anything.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return Failures.Usage(parsed);
}

try
{
    // Signals are handled by the commands that can stop midway, so that the first one stops cleanly and the second at once.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception exception)
{
    return Failures.Of(exception);
}
