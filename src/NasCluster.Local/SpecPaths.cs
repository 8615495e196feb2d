using NasCluster.Core.Specification;

namespace NasCluster.Local;

/// <summary>Makes a specification's paths full, so that a run can be resumed from anywhere.</summary>
internal static class SpecPaths
{
    /// <summary>Resolves them: paths in a file start at the file's own directory, paths of the command line at the current one.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="file">The file it came from; null when it came from the command line alone.</param>
    /// <param name="overridden">Keys that the command line gave.</param>
    public static SearchSpec Resolve(SearchSpec spec, string? file, IReadOnlySet<string> overridden)
    {
        var current = Environment.CurrentDirectory;
        var ofFile = file is null ? current : Path.GetDirectoryName(Path.GetFullPath(file)) ?? current;
        return spec with
        {
            Model = Full("model", spec.Model)!,
            Tokenizer = Full("tokenizer", spec.Tokenizer),
            Data = spec.Data with
            {
                Text = Full("data.text", spec.Data.Text),
                Tasks = [.. spec.Data.Tasks.Select(t => t with { Path = Full("data.tasks", t.Path)! })],
            },
            Measurement = spec.Measurement with { Table = Full("measurement.table", spec.Measurement.Table) },
        };

        string? Full(string key, string? path) =>
            string.IsNullOrWhiteSpace(path) ? path : Path.GetFullPath(path, overridden.Contains(key) ? current : ofFile);
    }
}
