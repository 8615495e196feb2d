using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Plots;

namespace NasCluster.Reporting.Training;

/// <summary>
/// Training curves as an SVG picture: the loss of the largest, the smallest and a random sub-network on held-out text, and the
/// smoothed loss of training. It follows the reader's light or dark scheme and names what it shows for screen readers. The same
/// curves always give the same bytes.
/// </summary>
public static class SvgCurvePlot
{
    private const double Width = 860;
    private const double Left = 84;
    private const double Right = 36;
    private const double Top = 138;
    private const double FieldHeight = 380;
    private const double UnderAxis = 58;
    private const int MostMeans = 200;
    private const int MostDots = 60;

    // Dashes tell the curves apart without colours.
    private const string Sheet =
        """
        .nas .curve{fill:none;stroke-width:2;stroke-linejoin:round}
        .nas .curve.training{stroke:#8794a1;stroke-width:1.25}
        .nas .curve.largest{stroke:#0b62c4}
        .nas .curve.smallest{stroke:#d9480f;stroke-dasharray:7 3}
        .nas .curve.random{stroke:#12805c;stroke-dasharray:2 3}
        .nas .dot.training{fill:#8794a1}
        .nas .dot.largest{fill:#0b62c4}
        .nas .dot.smallest{fill:#d9480f}
        .nas .dot.random{fill:#12805c}
        @media (prefers-color-scheme:dark){
        .nas .curve.largest{stroke:#6cb6ff}
        .nas .curve.smallest{stroke:#ff922b}
        .nas .curve.random{stroke:#4cd0a4}
        .nas .dot.largest{fill:#6cb6ff}
        .nas .dot.smallest{fill:#ff922b}
        .nas .dot.random{fill:#4cd0a4}
        }
        """;

    /// <summary>Writes the picture as a document of its own, which may also be put into an HTML page as it is.</summary>
    /// <param name="curves">What to draw; a curve without any value is left out.</param>
    /// <param name="writer">Where to; nothing is written when the curves are refused.</param>
    /// <param name="across">What the curves run over.</param>
    /// <exception cref="ArgumentException">There is no point, a figure is not finite, or steps are out of order.</exception>
    public static void Write(TrainingCurves curves, TextWriter writer, CurveAcross across = CurveAcross.Steps)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(writer);
        curves.ThrowIfInconsistent();
        var shown = Curves(curves, across);
        var end = Math.Max(1, X(curves.Points[^1], across));
        var frame = new SvgFrame(
            across == CurveAcross.Steps ? Axis.Fixed("step", "step", 0, end, 8) : Axis.Fixed("tokens learned", "tokens", 0, end, 8),
            Axis.Fitted("loss in nats per token (lower is better)", "loss", shown.SelectMany(c => c.Points).Select(p => p.Y), 7),
            Left,
            Top,
            Width - Left - Right,
            FieldHeight);

        var svg = new SvgWriter(writer);
        SvgPage.Open(svg, Width, Top + FieldHeight + UnderAxis, $"Training of {curves.Model}", Description(curves, shown), SvgStyle.Sheet, Sheet);
        svg.Text("note", 28, 62, Subtitle(curves));
        DrawLegend(svg, shown);
        svg.Open("g");
        frame.DrawAxes(svg);
        foreach (var curve in shown)
        {
            svg.Open("g");
            svg.Raw($"<title>{SvgWriter.Escaped(curve.Label)}</title>");
            svg.Path($"curve {curve.Kind}", [.. curve.Points.Select(p => (frame.X(p.X), frame.Y(p.Y)))]);

            // Where values are few, they are shown to be: the line between them is no measurement.
            foreach (var (x, y) in curve.Points.Length <= MostDots && (curve.Kind != "training" || curve.Points.Length == 1) ? curve.Points : [])
            {
                svg.Circle($"dot {curve.Kind}", frame.X(x), frame.Y(y), 2.5);
            }

            svg.Close("g");
        }

        svg.Close("g");
        svg.Close("svg");
    }

    private static double X(TrainingCurvePoint point, CurveAcross across) => across == CurveAcross.Steps ? point.Step : point.Tokens;

    private static ImmutableArray<Curve> Curves(TrainingCurves curves, CurveAcross across)
    {
        return
        [
            .. new[]
            {
                new Curve("training", curves.Points.Length > MostMeans ? "training, smoothed" : "training", CurveSmoothing.Means(Of(p => p.TrainingLoss), MostMeans)),
                new Curve("smallest", "smallest", Of(p => p.Smallest)),
                new Curve("random", "random", Of(p => p.Random)),
                new Curve("largest", "largest", Of(p => p.Largest)),
            }.Where(c => !c.Points.IsEmpty),
        ];

        ImmutableArray<(double X, double Y)> Of(Func<TrainingCurvePoint, double?> loss) =>
            [.. curves.Points.Where(p => loss(p) is not null).Select(p => (X(p, across), loss(p)!.Value))];
    }

    // With its last value, so that nobody has to read it off the axis.
    private static void DrawLegend(SvgWriter svg, ImmutableArray<Curve> shown)
    {
        double x = 28;
        foreach (var curve in shown.Reverse())
        {
            svg.Path($"curve {curve.Kind}", [(x, 86), (x + 22, 86)]);
            var text = $"{curve.Label} {Quantity.Fixed(curve.Points[^1].Y, 3)}";
            svg.Text("note", x + 29, 90, text);

            // No one knows a text's width before it is drawn; this suits the fonts asked for, with room to spare.
            x += 29 + (6.6 * text.Length) + 20;
        }
    }

    private static string Subtitle(TrainingCurves curves)
    {
        var last = curves.Points[^1];
        var size = string.Create(CultureInfo.InvariantCulture, $"{last.Step:#,0} steps · {Quantity.Human("tokens", last.Tokens)} tokens");
        var heldOut = curves.Points.Any(p => (p.Largest ?? p.Smallest ?? p.Random) is not null) ? " · sub-networks on held-out text" : "";
        return $"{size}{heldOut}{(curves.Note.Length == 0 ? "" : " · " + curves.Note)}";
    }

    private static string Description(TrainingCurves curves, ImmutableArray<Curve> shown) => string.Create(
        CultureInfo.InvariantCulture,
        $"Loss in nats per token over {curves.Points[^1].Step:#,0} steps. ")
        + string.Join(" ", shown.Reverse().Select(c => $"{c.Label}: {Quantity.Fixed(c.Points[0].Y, 3)} to {Quantity.Fixed(c.Points[^1].Y, 3)}."));

    private readonly record struct Curve(string Kind, string Label, ImmutableArray<(double X, double Y)> Points);
}
