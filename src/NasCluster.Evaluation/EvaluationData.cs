using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tasks.Loading;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation;

/// <summary>The data of a specification, read, tokenised and parted.</summary>
/// <param name="Search">What the search sees.</param>
/// <param name="Report">What is kept apart to report on; null when the search sees everything.</param>
public sealed record EvaluationData(EvaluationSets Search, EvaluationSets? Report)
{
    private const int DefaultWindow = 512;

    /// <summary>The window a specification means for a model.</summary>
    public static int WindowOf(DataSpec data, LlamaConfiguration configuration) => data.Window ?? Math.Min(DefaultWindow, configuration.MaximumPositions);

    /// <summary>Reads whatever text and tasks a specification names.</summary>
    /// <param name="spec">The specification, checked.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="configuration">The model's shape.</param>
    /// <param name="resolvePath">Where a path or name of the specification lies; null to take paths as they are.</param>
    /// <exception cref="NasClusterException">A file cannot be used; the message names it, the place and the rule.</exception>
    public static EvaluationData Load(SearchSpec spec, ITokenizer tokenizer, LlamaConfiguration configuration, Func<string, string>? resolvePath = null)
    {
        var resolve = resolvePath ?? (path => path);
        var window = WindowOf(spec.Data, configuration);
        if (window > configuration.MaximumPositions)
        {
            throw new NasClusterException($"data.window is {window}; the model takes at most {configuration.MaximumPositions} positions.");
        }

        var searchTasks = ImmutableArray.CreateBuilder<ChoiceSet>();
        var reportTasks = ImmutableArray.CreateBuilder<ChoiceSet>();
        foreach (var task in spec.Data.Tasks.Where(t => t.Task is null))
        {
            var questions = ArcFile.Read(resolve(task.Path));
            var count = CountForSearch(questions.Length, spec.Data.SearchShare, task);
            searchTasks.Add(Choices(task, questions[..count], spec.Data.SearchQuestions));
            if (count < questions.Length)
            {
                reportTasks.Add(Choices(task, questions[count..], spec.Data.ReportQuestions));
            }
        }

        var searchHarness = ImmutableArray.CreateBuilder<NamedTask>();
        var reportHarness = ImmutableArray.CreateBuilder<NamedTask>();
        foreach (var task in spec.Data.Tasks.Where(t => t.Task is not null))
        {
            var (search, report) = HarnessTaskParts.Load(task, spec.Data, resolve(task.Path), tokenizer, window, configuration.MaximumPositions);
            searchHarness.Add(search);
            if (report is not null)
            {
                reportHarness.Add(report);
            }
        }

        TextSet? searchText = null;
        TextSet? reportText = null;
        if (spec.Data.Text is { } path)
        {
            var file = resolve(path);
            var text = spec.Data.CalibrationShare > 0
                ? TextParts.TakeLeading(TextFile.Read(file), spec.Data.Separator, Between(spec.Data), spec.Data.CalibrationShare, file).Remaining
                : TextFile.Read(file);
            var parts = TextParts.Cut(text, spec.Data.Separator, Between(spec.Data), spec.Data.SearchShare, file);
            searchText = TextSet.Create(parts.Search, tokenizer, Protocol(spec.Data.SearchTokens), parts.Report is null ? file : $"The search part of {file}");
            reportText = parts.Report is { } rest ? TextSet.Create(rest, tokenizer, Protocol(spec.Data.ReportTokens), $"The report part of {file}") : null;
        }

        return new EvaluationData(
            new(searchText, searchTasks.ToImmutable()) { HarnessTasks = searchHarness.ToImmutable() },
            spec.Data.SearchShare < 1 ? new(reportText, reportTasks.ToImmutable()) { HarnessTasks = reportHarness.ToImmutable() } : null);

        ChoiceSet Choices(TaskSpec task, ImmutableArray<ChoiceQuestion> questions, int? most) => ChoiceSet.Create(
            task.Name, questions[..Math.Min(questions.Length, most ?? questions.Length)], tokenizer, window, spec.Data.FirstToken == FirstTokenRule.Bos);

        WindowProtocol Protocol(int? mostTokens) => EvaluationData.Protocol(spec.Data, window, spec.Data.Stride ?? window, mostTokens);
    }

    /// <summary>Reads the part of a specification's text that is for calibration.</summary>
    /// <param name="spec">The specification, with a text and a share of it for calibration.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="window">Longest sequence in tokens, the beginning mark included.</param>
    /// <param name="mostTokens">At most so many tokens are scored; null for all.</param>
    /// <param name="resolvePath">Where a path or name of the specification lies; null to take paths as they are.</param>
    /// <exception cref="NasClusterException">The file cannot be used, or its calibration part does not fill a window.</exception>
    public static TextSet LoadCalibration(SearchSpec spec, ITokenizer tokenizer, int window, int? mostTokens, Func<string, string>? resolvePath = null)
    {
        var path = spec.Data.Text ?? throw new NasClusterException("data.text is missing; calibration needs a text.");
        var file = resolvePath is null ? path : resolvePath(path);
        var share = spec.Data.CalibrationShare;
        if (!(share > 0))
        {
            throw new NasClusterException("data.calibration_share is 0; calibration needs a part of the text that neither the search nor the report sees.");
        }

        var (leading, _) = TextParts.TakeLeading(TextFile.Read(file), spec.Data.Separator, Between(spec.Data), share, file);
        return TextSet.Create(leading, tokenizer, Protocol(spec.Data, window, window, mostTokens), $"The calibration part of {file}");
    }

    // What stands between the documents of a part once it is cut off: documents that are kept apart must still be told apart.
    private static string Between(DataSpec data) => data is { Documents: DocumentRule.Apart, Separator: { } separator } ? separator : data.Join;

    private static WindowProtocol Protocol(DataSpec data, int window, int stride, int? mostTokens) =>
        new(window, stride, data.FirstToken, data.Separator, data.Join, mostTokens, data.Documents);

    internal static int CountForSearch(int questions, double share, TaskSpec task)
    {
        if (share >= 1)
        {
            return questions;
        }

        return questions < 2
            ? throw new NasClusterException($"{task.Path} has one question; data.tasks.{task.Name} needs at least two to keep one apart (or a data.search_share of 1).")
            : Math.Clamp((int)Math.Ceiling(share * questions), 1, questions - 1);
    }
}
