using System.Globalization;

namespace NasCluster.Core.Specification;

/// <summary>An MLP width: a share of a layer's channels when at most 1, else a number of channels.</summary>
/// <param name="Value">In (0, 1], or an integer of at least 2.</param>
public readonly record struct MlpWidth(double Value)
{
    /// <summary>Whether it is a share.</summary>
    public bool IsShare => Value <= 1;

    /// <summary>Whether <see cref="Value"/> means anything.</summary>
    public bool IsValid => Value is > 0 and <= 1 || (Value is >= 2 and <= int.MaxValue && Math.Floor(Value) == Value);

    /// <summary>How many channels it keeps of a layer.</summary>
    /// <remarks>A share is rounded to the nearest channel, halves up, and keeps at least one channel of a layer that has any.</remarks>
    /// <param name="available">The layer's channels.</param>
    public int Channels(int available) => IsShare ? Math.Min(available, Math.Max(1, (int)Math.Floor((Value * available) + 0.5))) : (int)Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);
}
