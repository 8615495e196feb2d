using Spectre.Console;

namespace NasCluster.Reporting;

/// <summary>Consoles over any writer, set by the caller instead of guessed from the process.</summary>
public static class ReportConsole
{
    /// <summary>A console that writes plain or ANSI text of a given width.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="width">Columns of a line.</param>
    /// <param name="ansi">Whether to use colours and cursor movement.</param>
    /// <param name="unicode">Whether to use signs beyond ASCII.</param>
    public static IAnsiConsole Create(TextWriter writer, int width, bool ansi = false, bool unicode = true)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ansi ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = unicode;
        return console;
    }
}
