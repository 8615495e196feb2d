using System.Text.Json.Nodes;

namespace NasCluster.Repository.Tests.Dashboards;

public class DashboardTests
{
    private const string DataSource = "${datasource}";
    private const int Columns = 24;

    public static TheoryData<string> Files => [.. DashboardFile.All.Select(d => d.Path)];

    [Fact]
    public void Dashboards_InTheRepository_AreTwoThatLinkToEachOther()
    {
        Assert.Equal(["Cluster", "Search"], DashboardFile.All.Select(d => d.Title));
        Assert.Distinct(DashboardFile.All.Select(d => d.Uid));
        foreach (var dashboard in DashboardFile.All)
        {
            var other = DashboardFile.All.Single(d => d != dashboard);
            var link = Assert.Single(dashboard.Json["links"]!.AsArray())!;
            Assert.Equal(($"/d/{other.Uid}", true, true), ((string?)link["url"], (bool)link["includeVars"]!, (bool)link["keepTime"]!));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_OfADashboard_AreComplete(string file) => Assert.Empty(Of(file).Panels.SelectMany(Problems));

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_OfADashboard_LieBesideEachOther(string file)
    {
        var taken = new HashSet<(int X, int Y)>();
        foreach (var panel in Of(file).AllPanels)
        {
            var (x, y, w, h) = ((int)panel["gridPos"]!["x"]!, (int)panel["gridPos"]!["y"]!, (int)panel["gridPos"]!["w"]!, (int)panel["gridPos"]!["h"]!);
            Assert.True(x >= 0 && w > 0 && x + w <= Columns && h > 0, $"{panel["title"]} lies outside.");
            Assert.All(from i in Enumerable.Range(x, w) from j in Enumerable.Range(y, h) select (i, j), cell => Assert.True(taken.Add(cell), $"{panel["title"]} lies on another panel."));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Identifiers_OfADashboard_AreUnique(string file)
    {
        Assert.Distinct(Of(file).AllPanels.Select(p => (int)p["id"]!));
        Assert.Distinct(Of(file).Panels.Select(p => (string)p["title"]!));
        Assert.Distinct(Of(file).Variables.Select(v => (string)v["name"]!));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Variables_OfADashboard_AreThoseItsExpressionsUse(string file)
    {
        string[] wanted = ["datasource", "namespace", "search", "evaluator"];
        Assert.Superset(wanted.ToHashSet(), Of(file).Variables.Select(v => (string)v["name"]!).ToHashSet());
        Assert.All(Of(file).Expressions, e => Assert.True(
            e.Expression.Contains("namespace=\"$namespace\"", StringComparison.Ordinal) || e.Where.EndsWith("variable namespace", StringComparison.Ordinal),
            $"{e.Where}: reads series of every namespace."));
        Assert.Contains(Of(file).Json["annotations"]!["list"]!.AsArray(), a => (string?)a!["name"] == "Silo deaths");
    }

    [Theory]
    [InlineData("title")]
    [InlineData("description")]
    [InlineData("datasource")]
    [InlineData("fieldConfig")]
    [InlineData("targets")]
    public void Problems_PanelThatLacksSomething_AreFound(string key)
    {
        var panel = DashboardFile.All[0].Panels.First().DeepClone().AsObject();
        Assert.Empty(Problems(panel));
        panel.Remove(key);
        Assert.NotEmpty(Problems(panel));
    }

    private static IEnumerable<string> Problems(JsonObject panel)
    {
        var name = $"panel {panel["id"]} '{panel["title"]}'";
        var defaults = panel["fieldConfig"]?["defaults"];
        var targets = panel["targets"]?.AsArray() ?? [];
        (bool IsMissing, string What)[] checks =
        [
            (string.IsNullOrWhiteSpace((string?)panel["title"]), "title"),
            (((string?)panel["description"])?.EndsWith('.') != true, "description in sentences"),
            ((string?)panel["datasource"]?["uid"] != DataSource, "variable as its data source"),
            (string.IsNullOrWhiteSpace((string?)defaults?["unit"]), "unit"),
            (defaults?["thresholds"]?["steps"]?.AsArray() is not [{ } first, ..] || first["value"] is not null, "thresholds that begin with a base"),
            (targets.Count == 0, "query"),
            (targets.Any(t => string.IsNullOrWhiteSpace((string?)t!["legendFormat"])), "legend for each query"),
            (targets.Any(t => (string?)t!["datasource"]?["uid"] != DataSource), "variable as each query's data source"),
            (targets.Select(t => (string?)t!["refId"]).Distinct().Count() != targets.Count, "letter of its own for each query"),
        ];
        return checks.Where(c => c.IsMissing).Select(c => $"{name} has no {c.What}.");
    }

    private static DashboardFile Of(string file) => DashboardFile.All.Single(d => d.Path == file);
}
