namespace NasCluster.Reporting.Plots;

/// <summary>Where on the page a chart's field lies, and how values map into it.</summary>
internal sealed class SvgFrame(Axis across, Axis up, double left, double top, double width, double height)
{
    private const double TickGap = 8;

    public double Left => left;

    public double Top => top;

    public double Right => left + width;

    public double Bottom => top + height;

    public double X(double value) => left + (width * across.Place(value));

    public double Y(double value) => top + (height * (1 - up.Place(value)));

    /// <summary>Keeps an end of an error bar inside the field, also where it has no logarithm.</summary>
    public double ClampedX(double value) => across.IsLog && value <= 0 ? left : Math.Clamp(X(value), left, Right);

    /// <summary>As <see cref="ClampedX"/>, upwards.</summary>
    public double ClampedY(double value) => up.IsLog && value <= 0 ? Bottom : Math.Clamp(Y(value), top, Bottom);

    /// <summary>Grid, ticks, labels and the axes' titles. Both titles lie flat: nobody has to tilt their head.</summary>
    public void DrawAxes(SvgWriter svg)
    {
        for (var i = 0; i < up.Ticks.Length; i++)
        {
            var y = Y(up.Ticks[i]);
            svg.Line("grid", left, y, Right, y);
            svg.Text("tick", left - TickGap, y + 4, up.Labels[i], "end");
        }

        for (var i = 0; i < across.Ticks.Length; i++)
        {
            var x = X(across.Ticks[i]);
            svg.Line("grid", x, top, x, Bottom);
            svg.Text("tick", x, Bottom + 18, across.Labels[i], "middle");
        }

        svg.Line("floor", left, Bottom, Right, Bottom);
        svg.Line("floor", left, top, left, Bottom);
        svg.Text("axis", left, top - 10, up.Title + (up.IsLog ? ", log scale" : ""));
        svg.Text("axis", Right, Bottom + 38, across.Title + (across.IsLog ? ", log scale" : ""), "end");
    }
}
