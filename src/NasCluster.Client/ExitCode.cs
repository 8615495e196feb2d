namespace NasCluster.Client;

/// <summary>What the exit code of <c>nasctl</c> says; listed in the README and by <c>--help</c>.</summary>
internal static class ExitCode
{
    /// <summary>The same, as <c>nasctl --help</c> says it.</summary>
    public const string Help = """
        Exit codes:
          0   done
          1   something given or found is wrong; standard error says what, where, and the rule
          2   the command line itself is wrong
          3   watching ended before the search did
          4   the cluster cannot be reached
          70  a defect of the program
        """;

    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Something given or found is wrong; one line on standard error says what, where and the rule.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Watching ended before the search did; the search goes on.</summary>
    public const int Unfinished = 3;

    /// <summary>The cluster cannot be reached.</summary>
    public const int Unreachable = 4;

    /// <summary>A defect of this program; the stack trace on standard error is wanted in a report.</summary>
    public const int Defect = 70;
}
