namespace NasCluster.Contracts.Data;

/// <summary>A content with a name.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Hash">SHA-256 of the content, or of the manifest of a directory, in lower-case hexadecimal.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Added">When it got its name.</param>
[GenerateSerializer, Immutable]
public sealed record StoredData(
    [property: Id(0)] StoredDataKind Kind, [property: Id(1)] string Name, [property: Id(2)] string Hash, [property: Id(3)] long Bytes, [property: Id(4)] DateTimeOffset Added)
{
    /// <summary>Of a super-network: the fingerprint its weights have in an engine; found out when it gets its name.</summary>
    [Id(5)] public string? Fingerprint { get; init; }
}

/// <summary>What is stored by name.</summary>
public enum StoredDataKind
{
    /// <summary>A model directory.</summary>
    SuperNetwork,

    /// <summary>A text, or a task's questions.</summary>
    Data,
}
