namespace NasCluster.Deployment.Tests.Rendering;

/// <summary>Ways to install the chart: every values file, and every branch of its templates at least once.</summary>
internal static class Scenario
{
    public static IReadOnlyDictionary<string, string[]> All { get; } = new Dictionary<string, string[]>
    {
        ["defaults"] = [],
        ["cpu"] = ["-f", File("values-cpu.yaml")],
        ["aks"] = ["-f", File("values-aks.yaml")],
        ["postgresql"] = Set("clustering.provider=PostgreSql", "storage.provider=PostgreSql", "postgresql.adminConnectionStringSecret.name=nas-cluster-postgresql-admin",
            "evaluator.engine=cpu"),
        ["tables and postgresql"] = Set("storage.provider=PostgreSql", "azure.workloadIdentity.enabled=true",
            "azure.workloadIdentity.clientId=00000000-0000-0000-0000-000000000000", "azure.workloadIdentity.account=example"),
        ["hpa"] = Set("autoscaling.kind=hpa", "evaluator.precision=float16", "telemetry.otlp=https://collector.observability", "networkPolicy.collector[0].namespaceSelector.matchLabels.a=b"),
        ["given certificates"] = Set("tls.mode=secret", "tls.secrets.silos=silos", "tls.secrets.clients=clients", "console.users[0].kind=Group", "console.users[0].name=researchers"),
        ["another issuer"] = Set("tls.mode=certManager", "tls.certManager.createAuthority=false", "tls.certManager.issuer.name=company", "tls.certManager.issuer.kind=ClusterIssuer"),
        ["image volume"] = Set("superNetworks.volume.kind=image", "superNetworks.volume.image.reference=example.azurecr.io/llama:7b", "superNetworks.volume.path=models",
            "images.silo.digest=sha256:" + new string('a', 64)),
        ["claim"] = Set("superNetworks.volume.kind=claim", "superNetworks.preload={llama-7b,llama-7b-tuned}", "superNetworks.volume.claim.name=models", "console.mountSuperNetworks=true",
            "console.searches.one\\.yaml=model: x", "evaluator.cache.storageClass=fast", "images.pullSecrets={registry}"),
        ["fine-tuning on one machine"] = ["-f", File("values-cpu.yaml"), .. Set("superNetworks.volume.kind=newClaim", "fineTune.enabled=true", "fineTune.data=/scratch/world/train.txt",
            "azurite.size=", "evaluator.priorityClassName=low", "evaluator.runtimeClassName=runc"),
            "--set-json", """fineTune.before=[["world", "--out", "/scratch/world", "--tokens", "200000"]]"""],
        ["several gpus"] = Set("evaluator.gpu.count=2", "superNetworks.volume.kind=newClaim", "fineTune.enabled=true", "fineTune.gpu.count=1", "fineTune.runtimeClassName=nvidia",
            "images.trainer.repository=nas-cluster/nas-cuda"),
        ["little"] = Set("networkPolicy.enabled=false", "console.enabled=false", "monitoring.scrapeAnnotations=false", "serviceAccount.annotations.a=b",
            "controller.podLabels.a=b", "controller.podAnnotations.a=b", "controller.extraEnv[0].name=A", "controller.extraEnv[0].value=b"),
    };

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    public static string[] Set(params IEnumerable<string> values) => [.. values.SelectMany(v => new[] { "--set", v })];

    private static string File(string name) => Path.Combine(ChartFiles.Chart, name);
}
