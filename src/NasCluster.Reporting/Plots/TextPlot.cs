using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NasCluster.Reporting.Plots;

/// <summary>A finished plot as rows of characters: plain text, or something Spectre draws.</summary>
internal sealed class TextPlot(int width, int height) : Renderable
{
    private static readonly Style[] Styles = [Style.Plain, new Style(decoration: Decoration.Dim), new Style(Color.Aqua, decoration: Decoration.Bold)];
    private readonly TextCell[,] _cells = Filled(width, height);

    public int Width => width;

    public TextCell this[int column, int row]
    {
        get => _cells[row, column];
        set => _cells[row, column] = value;
    }

    public void Put(int column, int row, string text, TextTone tone = TextTone.Plain)
    {
        for (var i = 0; i < text.Length && column + i < width; i++)
        {
            if (column + i >= 0)
            {
                _cells[row, column + i] = new TextCell(text[i], tone);
            }
        }
    }

    /// <summary>The rows, without blanks at their ends, each ended by a line feed.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var row = 0; row < height; row++)
        {
            var line = new char[width];
            for (var column = 0; column < width; column++)
            {
                line[column] = _cells[row, column].Character;
            }

            text.Append(new string(line).TrimEnd(' ')).Append('\n');
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(width, maxWidth), Math.Min(width, maxWidth));

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var shown = Math.Min(width, maxWidth);
        for (var row = 0; row < height; row++)
        {
            for (var start = 0; start < shown;)
            {
                var tone = _cells[row, start].Tone;
                var run = new StringBuilder();
                var end = start;
                for (; end < shown && _cells[row, end].Tone == tone; end++)
                {
                    run.Append(_cells[row, end].Character);
                }

                yield return new Segment(run.ToString(), Styles[(int)tone]);
                start = end;
            }

            yield return Segment.LineBreak;
        }
    }

    private static TextCell[,] Filled(int width, int height)
    {
        var cells = new TextCell[height, width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                cells[row, column] = new TextCell(' ', TextTone.Plain);
            }
        }

        return cells;
    }
}
