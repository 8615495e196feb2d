using System.CommandLine;
using NasCluster.Client.Connection;
using NasCluster.Core;

namespace NasCluster.Client;

/// <summary>What the program says when it cannot do what it was asked: one line each.</summary>
internal static class Failures
{
    /// <summary>Says what is wrong with the command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Usage(ParseResult parsed) =>
        Say($"{string.Join(' ', parsed.Errors.Select(e => e.Message).Distinct())} See 'nasctl --help'.", ExitCode.Usage);

    /// <summary>Says what made a command fail.</summary>
    /// <returns>The exit code.</returns>
    public static int Of(Exception exception) => exception switch
    {
        ClusterUnreachableException => Say(exception.Message, ExitCode.Unreachable),
        NasClusterException => SayAll(exception.Message),
        OperationCanceledException => ExitCode.Unfinished,
        TimeoutException or Orleans.Runtime.OrleansException => Say($"The cluster did not answer: {exception.Message}", ExitCode.Unreachable),
        IOException or UnauthorizedAccessException => Say($"Reading or writing failed: {exception.Message.TrimEnd('.')}.", ExitCode.Failure),
        _ => Defect(exception),
    };

    private static int SayAll(string message)
    {
        foreach (var line in message.Split('\n'))
        {
            Say(line, ExitCode.Failure);
        }

        return ExitCode.Failure;
    }

    private static int Say(string message, int exitCode)
    {
        // Names of files may hold anything; what a script reads stays one line.
        Console.Error.WriteLine($"nasctl: {new string([.. message.Select(c => char.IsControl(c) ? ' ' : c)])}");
        return exitCode;
    }

    private static int Defect(Exception exception)
    {
        Console.Error.WriteLine($"nasctl: this is a defect of the program: {exception}");
        return ExitCode.Defect;
    }
}
