using System.Collections.Immutable;

namespace NasCluster.Llama.Repair;

/// <summary>What repair did to one matrix [outputs, inputs] whose inputs were pruned.</summary>
/// <param name="Name">The tensor's name in the whole network.</param>
/// <param name="Channels">Inputs before.</param>
/// <param name="Kept">Inputs that stay.</param>
/// <param name="DeadChannels">Inputs that were 0 for every calibration token.</param>
/// <param name="Tokens">Calibration tokens; below <paramref name="Channels"/>, only damping makes the problem one with a solution.</param>
/// <param name="Damping">What was added to the diagonal of H, on average over the kept inputs; 0 where none was inverted.</param>
/// <param name="ErrorBefore">||W_K X_K - W X|| / ||W X|| over the calibration set, the kept columns as they were.</param>
/// <param name="ErrorAfter">The same after repair, bias included.</param>
/// <param name="Bias">One value per output to add; empty unless asked for.</param>
public sealed record ProjectionRepair(
    string Name,
    int Channels,
    int Kept,
    int DeadChannels,
    long Tokens,
    double Damping,
    double ErrorBefore,
    double ErrorAfter,
    ImmutableArray<float> Bias);
