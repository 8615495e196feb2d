namespace NasCluster.Local.Doctor;

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Subject">What, such as <c>engine torch</c>.</param>
/// <param name="State">Whether it can be used.</param>
/// <param name="Text">What was found, on one line.</param>
/// <param name="Advice">What to do to have it; null where there is nothing to do.</param>
internal sealed record Finding(string Subject, FindingState State, string Text, string? Advice = null);

/// <summary>Whether what was looked at can be used.</summary>
internal enum FindingState
{
    /// <summary>It can.</summary>
    Ready,

    /// <summary>It is not there, and nothing needs it unless it is asked for.</summary>
    Absent,

    /// <summary>It is there and does not work.</summary>
    Broken,
}
