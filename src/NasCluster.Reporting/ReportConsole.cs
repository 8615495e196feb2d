using Spectre.Console;

namespace NasCluster.Reporting;

/// <summary>Consoles for tables and progress views.</summary>
public static class ReportConsole
{
    /// <summary>A console over standard output or standard error with whatever the terminal behind it can do; none behind it can do nothing.</summary>
    /// <param name="writer">The process's own standard output or standard error.</param>
    public static IAnsiConsole Detect(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

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
