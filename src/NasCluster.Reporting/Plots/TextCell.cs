namespace NasCluster.Reporting.Plots;

/// <summary>How much a cell of a text plot stands out.</summary>
internal enum TextTone
{
    /// <summary>Axes and words.</summary>
    Plain,

    /// <summary>Points off the front.</summary>
    Dim,

    /// <summary>Points of the front.</summary>
    Bright,
}

/// <summary>One character of a text plot.</summary>
internal readonly record struct TextCell(char Character, TextTone Tone);
