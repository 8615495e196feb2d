using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Reporting.Formatting;
using Spectre.Console;

namespace NasCluster.Reporting.Fronts;

/// <summary>The cells of a front's table under one layout.</summary>
internal sealed class FrontTableBody
{
    private readonly FrontReport _report;
    private readonly FrontTableLayout _layout;
    private readonly ImmutableSortedDictionary<TrialId, ImmutableArray<int>> _marks;
    private readonly FrontWriterOptions _options;
    private readonly int[] _reported;
    private readonly int? _commonKv;
    private readonly List<string> _headings = ["trial"];
    private readonly List<string[]> _rows = [];

    public FrontTableBody(
        FrontReport report, ImmutableArray<FrontRow> front, ImmutableSortedDictionary<TrialId, ImmutableArray<int>> marks,
        FrontTableLayout layout, FrontWriterOptions options)
    {
        _report = report;
        _layout = layout;
        _marks = marks;
        _options = options;

        // Costs and speeds are no property of the data; only scores are worth a second column.
        var hasReport = front.Any(r => !r.ReportValues.IsEmpty);
        _reported = hasReport ? [.. Enumerable.Range(0, report.Objectives.Length).Where(i => report.Objectives[i].Kind == ObjectiveKind.Scored)] : [];
        var architectures = front.Select(r => r.Architecture).Append(report.Baseline?.Architecture).OfType<Architecture>().ToArray();
        _commonKv = layout.Architecture == ArchitectureStyle.Words ? null : ArchitectureText.CommonKv(architectures);
        HasArchitectures = front.Any(r => r.Architecture is not null);
        AddHeadings();
        foreach (var row in front)
        {
            AddRow(row, row.Trial.ToString(), marks.TryGetValue(row.Trial, out var marked) ? marked : []);
        }

        if (report.Baseline is not null)
        {
            _rows.Add([.. _headings.Select(_ => "")]);
            AddRow(report.Baseline, "whole", []);
        }
    }

    private bool HasArchitectures { get; }

    private bool ShowsArchitectures => HasArchitectures && _layout.Architecture != ArchitectureStyle.None;

    /// <summary>Columns the table takes without any line broken: each cell has a blank at both sides and a border at its left.</summary>
    public int Width => 1 + Enumerable.Range(0, _headings.Count)
        .Sum(column => 3 + _rows.Select(r => r[column].Length).Concat(_headings[column].Split('\n').Select(l => l.Length)).Max());

    /// <summary>What the table leaves out or says once for all.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (ShowsArchitectures && _commonKv is int kv)
            {
                yield return $"all have {kv} KV {(kv == 1 ? "group" : "groups")} in every layer";
            }

            string[] left =
            [
                .. _layout.ReportSet || _reported.Length == 0 ? [] : new[] { "values on the report set" },
                .. ShowsArchitectures || !HasArchitectures ? [] : new[] { "architectures" },
            ];
            if (left.Length > 0)
            {
                yield return $"too narrow for {string.Join(" and ", left)}; JSON and CSV have them";
            }
        }
    }

    /// <summary>The table. Cells break only where it must be narrower than <see cref="Width"/> all the same.</summary>
    public Table Draw(bool mayBreak)
    {
        var table = new Table { Border = _options.Unicode ? TableBorder.Rounded : TableBorder.Ascii, UseSafeBorder = false };
        for (var i = 0; i < _headings.Count; i++)
        {
            var isWords = ShowsArchitectures && i == _headings.Count - 1;
            var column = new TableColumn(new Text(_headings[i])) { Alignment = isWords ? Justify.Left : Justify.Right, NoWrap = !mayBreak };
            table.AddColumn(column);
        }

        _rows.ForEach(row => table.AddRow(row.Select(cell => new Text(cell))));
        return table;
    }

    private void AddHeadings()
    {
        _headings.AddRange(_report.Objectives.Select(o => _layout.SplitHeadings ? Quantity.Words(o.Name).Replace(' ', '\n') : Quantity.Words(o.Name)));
        if (_layout.ReportSet)
        {
            var apart = _layout.SplitHeadings ? '\n' : ' ';
            _headings.AddRange(_reported.Select(i => $"{Quantity.Words(_report.Objectives[i].Name)},{apart}report set"));
        }

        if (ShowsArchitectures)
        {
            _headings.Add(_layout.Architecture is ArchitectureStyle.Terse or ArchitectureStyle.Ranges
                ? ArchitectureText.TerseHeading(_commonKv is null)
                : "architecture");
        }
    }

    private void AddRow(FrontRow row, string name, ImmutableArray<int> marked)
    {
        var cells = new List<string> { name };
        for (var i = 0; i < _report.Objectives.Length; i++)
        {
            // Cells without the mark keep its place, so that numbers stay aligned.
            var mark = marked.Contains(i) ? " " + FrontTable.Mark(_options) : _marks.Any(m => m.Value.Contains(i)) ? "  " : "";
            cells.Add(Cell(_report.Objectives[i], row.Values[i]) + mark);
        }

        if (_layout.ReportSet)
        {
            cells.AddRange(_reported.Select(i => row.ReportValues.IsEmpty ? "" : Cell(_report.Objectives[i], row.ReportValues[i])));
        }

        if (ShowsArchitectures)
        {
            var withKv = _commonKv is null;
            cells.Add(_layout.Architecture is ArchitectureStyle.Terse or ArchitectureStyle.Ranges
                ? ArchitectureText.Terse(row.Architecture, withKv, _layout.Architecture == ArchitectureStyle.Ranges)
                : ArchitectureText.Short(row.Architecture, withKv));
        }

        _rows.Add([.. cells]);
    }

    private string Cell(Objective objective, ObjectiveValue value)
    {
        var human = Quantity.WithError(objective.Name, value, _options.Unicode ? "±" : "+-");
        return _layout.ExactCounts && Quantity.IsCount(objective.Name) && value.StandardError == 0 && Math.Abs(value.Value) >= 1000
            ? $"{human}  {Quantity.Exact(value.Value)}"
            : human;
    }
}
