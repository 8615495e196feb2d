using System.Globalization;
using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Local.Evaluations;

/// <summary>How far a task is, on standard error: on a terminal a line that is written anew, elsewhere nothing but what is wrong.</summary>
internal static class EvalProgress
{
    /// <summary>Tells of a task.</summary>
    public static Action<int>? Of(TaskSet set) => Console.IsErrorRedirected ? null : done =>
    {
        FormattableString text = $"\r{set.Name}: {done:#,0} of {set.Requests.Length:#,0} sequences";
        Console.Error.Write(text.ToString(CultureInfo.InvariantCulture));
        if (done == set.Requests.Length)
        {
            Console.Error.Write("\r\e[K");
        }
    };
}
