using System.CommandLine;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Specification;

namespace NasCluster.Local;

/// <summary>What the program says when it cannot do what it was asked: one line, or one per problem of a specification.</summary>
internal static class Failures
{
    /// <summary>Says what is wrong with the command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Usage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var isRoot = command is RootCommand;
        string[] problems = (isRoot, parsed.UnmatchedTokens) switch
        {
            (true, [var first, ..]) => [$"There is no command or option '{first}'."],
            (true, []) => ["It must be told what to do."],
            _ => [.. parsed.Errors.Select(e => e.Message).Distinct()],
        };
        return Say($"{string.Join(' ', problems)} See 'nas {(isRoot ? "" : command.Name + " ")}--help'.", ExitCode.Usage);
    }

    /// <summary>Says what made a command fail.</summary>
    /// <returns>The exit code.</returns>
    public static int Of(Exception exception)
    {
        switch (exception)
        {
            case SpecificationException:
                foreach (var problem in exception.Message.Split('\n'))
                {
                    Say(problem, ExitCode.Failure);
                }

                return ExitCode.Failure;
            case NasClusterException or DeviceLostException:
                return Say(exception.Message, ExitCode.Failure);
            case IOException or UnauthorizedAccessException:
                // Files are reported by those who use them; what is left is standard output, when a pipe or a disk takes no more.
                return Say($"Reading or writing failed: {exception.Message.TrimEnd('.')}.", ExitCode.Failure);
            default:
                Console.Error.WriteLine($"nas: this is a defect of the program: {exception}");
                return ExitCode.Defect;
        }
    }

    private static int Say(string message, int exitCode)
    {
        // Names of files may hold anything; what a script reads stays one line.
        Console.Error.WriteLine($"nas: {new string([.. message.Select(c => char.IsControl(c) ? ' ' : c)])}");
        return exitCode;
    }
}
