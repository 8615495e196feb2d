namespace NasCluster.Evaluation.Tasks.Markings;

/// <summary>One passage, marked by its likelihood and by whether greedy decoding would have given it.</summary>
public sealed record OneContinuation : TaskMarking
{
    /// <summary>The marking, which has nothing to tell apart.</summary>
    public static OneContinuation Instance { get; } = new();

    private protected override void AddTo(CanonicalHash hash) => hash.Add("one continuation");
}
