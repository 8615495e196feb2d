using System.CommandLine;
using NasCluster.Core;
using NasCluster.Local;
using NasCluster.Local.Commands;

var root = new RootCommand("Searches a LLaMA checkpoint for the sub-networks with the best trade-offs of accuracy, size and speed.")
{
    SearchCommand.Create(),
    ResumeCommand.Create(),
    FrontCommand.Create(),
    ScoreCommand.Create(),
    InspectCommand.Create(),
    SchemaCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine($"nas: {error.Message}");
    }

    Console.Error.WriteLine($"nas: 'nas {string.Join(' ', args.TakeWhile(a => !a.StartsWith('-')).Take(1))} --help' lists what it takes.");
    return ExitCode.Usage;
}

try
{
    // Signals are handled by the commands that can stop midway, so that the first one stops cleanly and the second at once.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (NasClusterException exception)
{
    Console.Error.WriteLine($"nas: {exception.Message}");
    return ExitCode.Failure;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"nas: {exception.Message}");
    return ExitCode.Failure;
}
catch (Exception exception)
{
    Console.Error.WriteLine($"nas: this is a defect of the program: {exception}");
    return ExitCode.Defect;
}
