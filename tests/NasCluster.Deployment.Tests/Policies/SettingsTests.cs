using System.Text.RegularExpressions;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Policies;

/// <summary>The programs understand what the chart tells them; their source is what they are held to, so that a renamed setting shows here.</summary>
public partial class SettingsTests
{
    private const string Prefix = "NasCluster__";

    public static TheoryData<string> Scenarios => Scenario.Names;

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void SiloVariables_EachOne_IsASetting(string scenario)
    {
        var settings = SiloSettingsSource.Keys;
        var given = Silos(scenario).SelectMany(s => s.Keys).Where(k => k.StartsWith(Prefix, StringComparison.Ordinal)).Distinct()
            .Select(k => Index().Replace(k[Prefix.Length..], "").Replace("__", ":", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(given);
        Assert.Empty(given.Except(settings));
    }

    [Fact]
    public void SiloSettingsSource_Keys_AreThoseOfNestedSections()
    {
        Assert.Contains("Role", SiloSettingsSource.Keys);
        Assert.Contains("Evaluator:Grace", SiloSettingsSource.Keys);
        Assert.Contains("Tls:Authority", SiloSettingsSource.Keys);
        Assert.DoesNotContain("Evaluator", SiloSettingsSource.Keys);
        Assert.DoesNotContain("Grace", SiloSettingsSource.Keys);
    }

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void SiloVariables_Roles_AreThoseOfTheirSets(string scenario)
    {
        Assert.Equal("Controller", Variables(scenario, "controller")["NasCluster__Role"]);
        Assert.Equal("Evaluator", Variables(scenario, "evaluator")["NasCluster__Role"]);
    }

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void SiloVariables_Address_IsThePods(string scenario) => Assert.All(
        new[] { "controller", "evaluator" },
        name => Assert.Equal("status.podIP", (string?)Assert.Single(
            PodTemplate.Items(RenderedChart.Of(scenario).Get("StatefulSet", $"nas-cluster-{name}").Pod!.Containers.Single()["env"]),
            v => (string?)v["name"] == "NasCluster__Address")["valueFrom"]!["fieldRef"]!["fieldPath"]));

    /// <summary>Every provider has what the silo's rules want of it: a connection string, which may be an address.</summary>
    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void SiloVariables_Providers_AreReachable(string scenario) => Assert.All(Silos(scenario), silo => Assert.All(["Clustering", "Storage"], section =>
    {
        Assert.Contains($"NasCluster__{section}__Provider", silo.Keys);
        Assert.Contains($"NasCluster__{section}__ConnectionString", silo.Keys);
    }));

    [ToolFact]
    public void SiloVariables_SeveralGpus_AreADeviceEach()
    {
        var silo = Variables("several gpus", "evaluator");
        Assert.Equal(["cuda:0", "cuda:1"], silo.Where(v => v.Key.StartsWith("NasCluster__Evaluator__Devices__", StringComparison.Ordinal)).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value));
        Assert.DoesNotContain("NasCluster__Evaluator__Devices__0", Variables("defaults", "evaluator").Keys);
    }

    [ToolFact]
    public void FineTune_OnAGpu_TrainsByTorchAndAsksForOne()
    {
        var text = RenderedChart.Of("several gpus").Text;
        var job = text[text.IndexOf("kind: Job", StringComparison.Ordinal)..];
        Assert.Contains("- --engine\n            - torch\n", job, StringComparison.Ordinal);
        Assert.Contains("nvidia.com/gpu: \"1\"\n", job, StringComparison.Ordinal);
        Assert.Contains("runtimeClassName: nvidia\n", job, StringComparison.Ordinal);
        Assert.DoesNotContain("- --engine", RenderedChart.Of("fine-tuning on one machine").Text, StringComparison.Ordinal);
    }

    [ToolFact]
    public void SiloVariables_WorkloadIdentity_AreAddressesAndNoSecrets()
    {
        var silo = Variables("aks", "evaluator");
        Assert.Equal("https://example.table.core.windows.net", silo["NasCluster__Clustering__ConnectionString"]);
        Assert.Equal("https://example.blob.core.windows.net", silo["NasCluster__Storage__ConnectionString"]);
        Assert.DoesNotContain("secretKeyRef", RenderedChart.Of("aks").Text, StringComparison.Ordinal);
        Assert.Equal("true", RenderedChart.Of("aks").Get("StatefulSet", "nas-cluster-evaluator").Pod!.Labels["azure.workload.identity/use"]);
    }

    /// <summary>Kubernetes must not lose patience before the silo has handed its work back and left.</summary>
    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Grace_OfKubernetes_IsLongerThanTheSilos(string scenario)
    {
        var margin = int.Parse(ShutdownMargin().Match(ChartFiles.Read("src/NasCluster.Silo/Hosting/SiloHost.cs")).Groups["seconds"].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("ShutdownTimeout = settings.Evaluator.Grace + LeavingTime;", ChartFiles.Read("src/NasCluster.Silo/Hosting/SiloHost.cs"), StringComparison.Ordinal);
        foreach (var name in new[] { "controller", "evaluator" })
        {
            var grace = TimeSpan.Parse(Variables(scenario, name)["NasCluster__Evaluator__Grace"], System.Globalization.CultureInfo.InvariantCulture);
            var patience = (int)RenderedChart.Of(scenario).Get("StatefulSet", $"nas-cluster-{name}").Pod!.Spec["terminationGracePeriodSeconds"]!;
            Assert.True(patience > grace.TotalSeconds + margin, $"{name}: {patience} s; the silo takes up to {grace.TotalSeconds + margin} s.");
        }
    }

    [ToolTheory]
    [InlineData(1, "00:00:01")]
    [InlineData(3725, "01:02:05")]
    [InlineData(86399, "23:59:59")]
    public void Grace_Seconds_AreWrittenAsATimeSpan(int seconds, string text)
    {
        var map = RenderedChart.Render(Scenario.Set($"evaluator.graceSeconds={seconds}")).Get("ConfigMap", "nas-cluster-silo");
        Assert.Equal(text, (string?)map.Document["data"]!["NasCluster__Evaluator__Grace"]);
    }

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void ConsoleVariables_EachOne_IsReadByNasctl(string scenario)
    {
        var source = ChartFiles.Read("src/NasCluster.Client/Connection/ConnectionOptions.cs");
        var clients = RenderedChart.Of(scenario).Workloads.Where(w => w.Pod!.Labels.ContainsKey("nas-cluster/client")).ToList();
        Assert.NotEmpty(clients);
        Assert.All(
            from client in clients
            from variable in PodTemplate.Items(client.Pod!.Containers.Single()["env"])
            let name = (string)variable["name"]!
            where name.StartsWith("NASCTL_", StringComparison.Ordinal)
            select name,
            name => Assert.Contains($"\"{name}\"", source, StringComparison.Ordinal));
    }

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void ConsoleVariables_Gateway_IsTheService(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        var service = chart.Get("Service", "nas-cluster-gateway");
        Assert.All(
            from client in chart.Workloads from variable in PodTemplate.Items(client.Pod!.Containers.First()["env"]) where (string?)variable["name"] == "NASCTL_GATEWAY" select (string?)variable["value"],
            gateway => Assert.Equal($"{service.Name}:{service.Spec!["ports"]![0]!["port"]}", gateway));
    }

    [ToolFact]
    public void PreparingTheDatabase_IsDoneByWhoMay()
    {
        var job = Assert.Single(RenderedChart.Of("postgresql").OfKind("Job")).Pod!.Containers.Single();
        var option = (string)Assert.Single(PodTemplate.Items(job["args"]))!;
        Assert.Contains($"\"{option}\"", ChartFiles.Read("src/NasCluster.Silo/Program.cs"), StringComparison.Ordinal);
        Assert.All(
            PodTemplate.Items(job["env"]).Where(v => v["valueFrom"] is not null),
            v => Assert.Equal("nas-cluster-postgresql-admin", (string?)v["valueFrom"]!["secretKeyRef"]!["name"]));
    }

    [ToolFact]
    public void FineTuning_Options_AreThoseOfNas()
    {
        var job = Assert.Single(RenderedChart.Of("fine-tuning on one machine").OfKind("Job")).Pod!;
        string[] sources = ["TrainCommand", "TrainOptions", "WorldCommand", "EngineOptions", "OptionKinds"];
        var source = string.Join('\n', sources.Select(f => ChartFiles.Read($"src/NasCluster.Local/Commands/{f}.cs")));
        var arguments = job.Containers.Select(c => PodTemplate.Items(c["args"]).Select(a => a.ToString()).ToList()).ToList();
        Assert.Equal(["world", "train"], arguments.Select(a => a[0]));
        Assert.All(arguments.SelectMany(a => a).Where(a => a.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains($"\"{option}\"", source, StringComparison.Ordinal));

        // Silos look for super-networks where the result is put.
        var directory = Variables("fine-tuning on one machine", "evaluator")["NasCluster__SuperNetworks__Directory"];
        Assert.Equal($"{directory}/fine-tuned", arguments[1][arguments[1].IndexOf("--result") + 1]);
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> Silos(string scenario) => [Variables(scenario, "controller"), Variables(scenario, "evaluator")];

    /// <summary>What a silo's environment has; of references only the name.</summary>
    private static Dictionary<string, string> Variables(string scenario, string component)
    {
        var chart = RenderedChart.Of(scenario);
        var container = chart.Get("StatefulSet", $"nas-cluster-{component}").Pod!.Containers.Single();
        var variables = PodTemplate.Strings(chart.Get("ConfigMap", (string)container["envFrom"]![0]!["configMapRef"]!["name"]!).Document["data"]).ToDictionary();
        foreach (var variable in PodTemplate.Items(container["env"]))
        {
            Assert.True(variables.TryAdd((string)variable["name"]!, (string?)variable["value"] ?? ""), $"{variable["name"]} is given twice.");
        }

        return variables;
    }

    [GeneratedRegex(@"__\d+$")]
    private static partial Regex Index();

    [GeneratedRegex(@"LeavingTime = TimeSpan\.FromSeconds\((?<seconds>\d+)\)")]
    private static partial Regex ShutdownMargin();
}
