namespace NasCluster.Repository.Tests.Dashboards;

public class RuleTests
{
    private static readonly string[] Severities = ["critical", "warning", "info"];
    private static readonly string Guide = RepositoryFiles.Read("dashboards/README.md").ReplaceLineEndings("\n");
    private static readonly string UnitTests = RepositoryFiles.Read("dashboards/rules/tests/nascluster.test.yaml");

    public static TheoryData<string> Alerts => [.. RuleFile.Rules.Select(r => r.Alert).OfType<string>()];

    [Fact]
    public void Rules_Names_AreUnique() => Assert.Distinct(RuleFile.Rules.Select(r => r.Record ?? r.Alert));

    [Fact]
    public void Alerts_Six_AreThere() => Assert.Equal(6, Alerts.Count);

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Alert_Runbook_IsAParagraphOfTheGuide(string alert)
    {
        var rule = RuleFile.Rules.Single(r => r.Alert == alert);
        Assert.Equal($"dashboards/README.md#{alert.ToLowerInvariant()}", rule.Annotations["runbook_url"]);
        var paragraph = Guide.Split($"\n### {alert}\n")[1].Split("\n#")[0].Trim();
        Assert.True(paragraph.Length > 200, $"The runbook of {alert} says too little: {paragraph}");
        Assert.EndsWith(".", rule.Annotations["summary"], StringComparison.Ordinal);
        Assert.Contains(rule.Labels["severity"], Severities);
        Assert.NotNull(rule.For);
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Alert_UnitTests_ShowItFiringAndNot(string alert)
    {
        var cases = UnitTests.Split($"alertname: {alert}\n").Skip(1).Select(c => c.TrimStart()).ToArray();
        Assert.Contains(cases, c => c.StartsWith("exp_alerts: []", StringComparison.Ordinal));
        Assert.Contains(cases, c => c.StartsWith("exp_alerts:\n", StringComparison.Ordinal));
    }
}
