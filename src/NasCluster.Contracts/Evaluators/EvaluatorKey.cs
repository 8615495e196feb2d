using NasCluster.Core;
using NasCluster.Core.Control;

namespace NasCluster.Contracts.Evaluators;

/// <summary>The key of an evaluator: its silo's address, with the generation that tells a restarted silo from the one before, and its device.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Device">The device, such as <c>cpu</c> or <c>cuda-0</c>.</param>
public readonly record struct EvaluatorKey(SiloAddress Silo, string Device)
{
    private const char Separator = '/';

    /// <summary>The evaluator as the search's controller knows it.</summary>
    public EvaluatorId Id => new(ToString());

    /// <summary>Reads a key.</summary>
    /// <exception cref="NasClusterException">It is none.</exception>
    public static EvaluatorKey Parse(string key)
    {
        var cut = key.IndexOf(Separator, StringComparison.Ordinal);
        try
        {
            return cut > 0 && cut < key.Length - 1
                ? new EvaluatorKey(SiloAddress.FromParsableString(key[..cut]), key[(cut + 1)..])
                : throw new FormatException("it has no silo or no device");
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new NasClusterException($"'{key}' is no evaluator's key ({exception.Message}).", exception);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Silo.ToParsableString()}{Separator}{Device}";
}
