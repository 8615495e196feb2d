using System.Globalization;

namespace NasCluster.Reporting.Fronts;

/// <summary>How far the hypervolume has grown since it was first known: what people are shown in place of the raw volume.</summary>
/// <remarks>
/// <para>
/// The volume's unit is the product of the objectives' units, so its size tells nobody anything. Its growth does: how much the
/// search has won over the sample it began with, and since when it has won nothing more.
/// </para>
/// <para>
/// A share of the box between the reference point and the best value seen in each objective was rejected: the box grows when
/// a new best value is found, so that the share can fall while the front gets better. The gain never falls as long as the
/// front only improves. Like the volume it depends on the reference point, so gains compare within one run only; whoever
/// compares runs takes raw volumes under one reference point from the JSON.
/// </para>
/// </remarks>
/// <param name="Since">Evaluations at the first volume above zero, which the gain is measured from.</param>
/// <param name="First">That volume.</param>
/// <param name="Gain">Growth since, as a share of that volume; 0 for none.</param>
/// <param name="LastAt">Evaluations when the volume last changed; <paramref name="Since"/> if it never did.</param>
internal readonly record struct HypervolumeGain(long Since, double First, double Gain, long LastAt)
{
    /// <summary>The gain of a history in ascending order; null before a volume is above zero, or where its growth is beyond numbers.</summary>
    public static HypervolumeGain? Of(IReadOnlyList<HypervolumePoint> history)
    {
        HypervolumeGain? gain = null;
        foreach (var point in history)
        {
            if (gain is not { } before)
            {
                gain = point.Hypervolume > 0 && double.IsFinite(point.Hypervolume) ? new HypervolumeGain(point.Evaluations, point.Hypervolume, 0, point.Evaluations) : null;
            }
            else if (before.Over(point.Hypervolume) is var now && double.IsFinite(now) && now != before.Gain)
            {
                gain = before with { Gain = now, LastAt = point.Evaluations };
            }
        }

        return gain;
    }

    /// <summary>Growth of another volume over the first, as a share of that.</summary>
    public double Over(double hypervolume) => (hypervolume - First) / First;

    /// <summary><c>+3.80 %</c>.</summary>
    public string Percent => (100 * Gain).ToString(Math.Abs(Gain) < 10 ? "+#,0.00;-#,0.00;+0.00" : "+#,0;-#,0", CultureInfo.InvariantCulture) + " %";

    /// <summary><c>+3.80 % since evaluation 20, last at 181</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Percent} since evaluation {Since:#,0}{(LastAt == Since ? "" : $", last at {LastAt:#,0}")}");
}
