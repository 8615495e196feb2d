namespace NasCluster.Core.SuperNetworks;

/// <summary>What network an engine holds and how it computes: whatever can change a result is in here.</summary>
/// <param name="Configuration">The full network's shape.</param>
/// <param name="Fingerprint">Hash of the weights and configuration, in lower-case hexadecimal.</param>
/// <param name="Precision">Number format of the arithmetic, such as <c>float32</c>.</param>
/// <param name="Device">What kind of device it runs on, such as <c>cpu</c>; devices of one kind measure alike.</param>
/// <param name="NumericsVersion">Raised whenever the engine's bits change for the same input.</param>
public sealed record SuperNetworkInfo(LlamaConfiguration Configuration, string Fingerprint, string Precision, string Device, string NumericsVersion)
{
    /// <summary>Which scores these are: networks of the same give the same, and may take each other's place.</summary>
    public string ScoringIdentity => IdentityOf(Fingerprint, $"{Precision} {NumericsVersion} {Device}");

    /// <summary><see cref="ScoringIdentity"/> of a network that is known by its fingerprint only.</summary>
    /// <param name="fingerprint">The network's.</param>
    /// <param name="arithmetic">Number format, numerics version and kind of device of the engine that is to hold it.</param>
    public static string IdentityOf(string fingerprint, string arithmetic) => $"{fingerprint} {arithmetic}";
}
