namespace NasCluster.Pipeline;

/// <summary>Names of what is recorded about where a run's results come from.</summary>
public static class ProvenanceNames
{
    private const string Truncated = ".truncated";
    private const string Warnings = ".warnings";

    /// <summary>Fingerprint of the super-network's weights and shape.</summary>
    public const string ModelFingerprint = "model.fingerprint";

    /// <summary>The super-network's shape, as JSON.</summary>
    public const string ModelConfiguration = "model.configuration";

    /// <summary>Fingerprint of the tokenizer.</summary>
    public const string TokenizerFingerprint = "tokenizer.fingerprint";

    /// <summary>Fingerprint of the latency table that objectives of speed are predicted from.</summary>
    public const string LatencyTable = "measurement.table.fingerprint";

    /// <summary>Number format of the engine's arithmetic.</summary>
    public const string EnginePrecision = "engine.precision";

    /// <summary>Version of the engine's arithmetic.</summary>
    public const string EngineNumerics = "engine.numerics";

    /// <summary>Version of the program that started the run.</summary>
    public const string ProgramVersion = "program.version";

    /// <summary>Fingerprint of one evaluation set.</summary>
    /// <param name="part"><c>search</c> or <c>report</c>.</param>
    /// <param name="set"><c>text</c>, or the name of a task.</param>
    public static string DataFingerprint(string part, string set) => $"data.{part}.{set}.fingerprint";

    /// <summary>How many questions of a task lost their beginning because they are longer than the window; recorded where any did.</summary>
    /// <param name="part"><c>search</c> or <c>report</c>.</param>
    /// <param name="task">The task's name.</param>
    public static string DataTruncated(string part, string task) => $"data.{part}.{task}{Truncated}";

    /// <summary>What makes the figures of a task doubtful, as sentences; recorded where there is any.</summary>
    /// <param name="part"><c>search</c> or <c>report</c>.</param>
    /// <param name="task">The task's name.</param>
    public static string DataWarnings(string part, string task) => $"data.{part}.{task}{Warnings}";

    /// <summary>
    /// Whether a different value means different results; versions of the program, for one, may differ, and what was truncated
    /// shows in the fingerprint already.
    /// </summary>
    public static bool Decides(string name) => name != ProgramVersion && !name.EndsWith(Truncated, StringComparison.Ordinal) && !name.EndsWith(Warnings, StringComparison.Ordinal);
}
