using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Chart;

/// <summary>Wrong values are refused, and it is said which and why.</summary>
public class ValuesSchemaTests
{
    [ToolTheory]
    [InlineData("replicas=3", "additional properties 'replicas' not allowed")]
    [InlineData("evaluator.replica=3", "additional properties 'replica' not allowed")]
    [InlineData("evaluator.replicas=many", "/evaluator/replicas")]
    [InlineData("evaluator.replicas=-1", "/evaluator/replicas")]
    [InlineData("controller.replicas=0", "/controller/replicas")]
    [InlineData("fullnameOverride=Nas_Cluster", "/fullnameOverride")]
    [InlineData("cluster=x", "/cluster")]
    [InlineData("cluster=two--dashes", "/cluster")]
    [InlineData("images.registry=example.com/", "/images/registry")]
    [InlineData("images.pullPolicy=Sometimes", "/images/pullPolicy")]
    [InlineData("images.silo.tag=latest", "/images/silo/tag")]
    [InlineData("images.silo.repository=Upper/Case", "/images/silo/repository")]
    [InlineData("images.evaluator.digest=sha256:12", "/images/evaluator/digest")]
    [InlineData("ports.gateway=80", "/ports/gateway")]
    [InlineData("ports.http=65536", "/ports/http")]
    [InlineData("clustering.provider=Zookeeper", "/clustering/provider")]
    [InlineData("storage.provider=Memory", "/storage/provider")]
    [InlineData("storage.container=No", "/storage/container")]
    [InlineData("azure.connectionStringSecret.name=", "/azure/connectionStringSecret/name")]
    [InlineData("azure.connectionString=secret", "additional properties 'connectionString' not allowed")]
    [InlineData("azure.workloadIdentity.enabled=true", "/azure/workloadIdentity/clientId")]
    [InlineData("liveness.probeSeconds=0", "/liveness/probeSeconds")]
    [InlineData("evaluator.gpu.count=-1", "/evaluator/gpu/count")]
    [InlineData("evaluator.gpu.resource=gpu", "/evaluator/gpu/resource")]
    [InlineData("evaluator.batchSize=0", "/evaluator/batchSize")]
    [InlineData("evaluator.graceSeconds=0", "/evaluator/graceSeconds")]
    [InlineData("evaluator.graceSeconds=86400", "/evaluator/graceSeconds")]
    [InlineData("evaluator.cache.gibibytes=0", "/evaluator/cache/gibibytes")]
    [InlineData("evaluator.maxUnavailable=0%", "/evaluator/maxUnavailable")]
    [InlineData("evaluator.maxUnavailable=101%", "/evaluator/maxUnavailable")]
    [InlineData("evaluator.resources.limits=null", "/evaluator/resources")]
    [InlineData("evaluator.resources.limits.memory=lots", "/evaluator/resources/limits/memory")]
    [InlineData("evaluator.tolerations[0].effect=Never", "/evaluator/tolerations/0/effect")]
    [InlineData("controller.extraEnv[0].name=2nd", "/controller/extraEnv/0/name")]
    [InlineData("autoscaling.kind=vpa", "/autoscaling/kind")]
    [InlineData("autoscaling.kind=hpa,autoscaling.minReplicas=0", "/autoscaling/minReplicas")]
    [InlineData("autoscaling.prometheusAddress=prometheus:9090", "/autoscaling/prometheusAddress")]
    [InlineData("autoscaling.minReplicas=9", "autoscaling.minReplicas is 9; it must be at most autoscaling.maxReplicas, which is 8.")]
    [InlineData("superNetworks.preload={Llama_7B}", "/superNetworks/preload/0")]
    [InlineData("superNetworks.volume.kind=disk", "/superNetworks/volume/kind")]
    [InlineData("superNetworks.volume.kind=claim", "/superNetworks/volume/claim/name")]
    [InlineData("superNetworks.volume.kind=image", "/superNetworks/volume/image/reference")]
    [InlineData("superNetworks.volume.image.reference=models:latest", "/superNetworks/volume/image/reference")]
    [InlineData("superNetworks.volume.path=../other", "/superNetworks/volume/path")]
    [InlineData("superNetworks.volume.newClaim.size=big", "/superNetworks/volume/newClaim/size")]
    [InlineData("superNetworks.volume.newClaim.accessModes={}", "/superNetworks/volume/newClaim/accessModes")]
    [InlineData("fineTune.enabled=true", "/superNetworks/volume/kind")]
    [InlineData("fineTune.data=train.txt", "/fineTune/data")]
    [InlineData("console.users[0].kind=Robot,console.users[0].name=x", "/console/users/0/kind")]
    [InlineData("console.searches.notes=x", "invalid propertyName 'notes'")]
    [InlineData("tls.mode=maybe", "/tls/mode")]
    [InlineData("tls.mode=secret", "/tls/secrets/silos")]
    [InlineData("tls.mode=certManager,tls.certManager.createAuthority=false", "/tls/certManager/issuer/name")]
    [InlineData("tls.certManager.duration=90d", "/tls/certManager/duration")]
    [InlineData("networkPolicy.clients[0].pods=all", "/networkPolicy/clients/0")]
    [InlineData("networkPolicy.dns={}", "/networkPolicy/dns")]
    [InlineData("telemetry.otlp=collector:4317", "/telemetry/otlp")]
    [InlineData("monitoring.podMonitor.interval=often", "/monitoring/podMonitor/interval")]
    [InlineData("azurite.image=azurite:latest", "/azurite/image")]
    [InlineData("azurite.image=azurite", "/azurite/image")]
    [InlineData("ports.silo=8080", "must be three different ports")]
    [InlineData("azurite.enabled=true,clustering.provider=PostgreSql,storage.provider=PostgreSql", "use no Azure Storage")]
    [InlineData("azurite.enabled=true,azure.workloadIdentity.enabled=true,azure.workloadIdentity.account=example,azure.workloadIdentity.clientId=00000000-0000-0000-0000-000000000000", "give one")]
    public void Template_WrongValue_IsRefusedByName(string values, string says)
    {
        var result = RenderedChart.Template(ChartFiles.Chart, Scenario.Set(values));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(says, result.Errors, StringComparison.Ordinal);
    }
}
