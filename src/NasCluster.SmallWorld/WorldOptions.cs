namespace NasCluster.SmallWorld;

/// <summary>How large a world is written.</summary>
public sealed record WorldOptions
{
    /// <summary>Decides every word.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The least number of tokens in the training text, end marks apart; the document that reaches it is the last.</summary>
    public long TrainingTokens { get; init; } = 8_000_000;

    /// <summary>The least number of tokens in the validation text.</summary>
    public long ValidationTokens { get; init; } = 100_000;

    /// <summary>Questions of each family.</summary>
    public int Questions { get; init; } = 2_400;
}
