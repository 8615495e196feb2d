using Spectre.Console.Rendering;

namespace NasCluster.Reporting.Progress;

/// <summary>How one kind of snapshot is put into words and pictures.</summary>
internal interface IProgressFormat<TSnapshot>
    where TSnapshot : class, IProgressSnapshot
{
    /// <summary>A line that makes sense by itself.</summary>
    string Text(ProgressFigures<TSnapshot> figures);

    /// <summary>A JSON object without line breaks.</summary>
    string Json(ProgressFigures<TSnapshot> figures);

    /// <summary>A picture fitted to a terminal.</summary>
    IRenderable Draw(ProgressFigures<TSnapshot> figures, int width, int height, bool unicode);
}
