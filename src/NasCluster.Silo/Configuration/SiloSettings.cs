using NasCluster.Torch;

namespace NasCluster.Silo.Configuration;

/// <summary>How a silo is set up: section <c>NasCluster</c> of appsettings.json, <c>NASCLUSTER__*</c> of the environment, or the command line.</summary>
public sealed record SiloSettings
{
    /// <summary>The cluster's name; silos of one cluster have the same.</summary>
    public string Cluster { get; init; } = "nascluster";

    /// <summary>What it does.</summary>
    public SiloRole Role { get; init; } = SiloRole.Both;

    /// <summary>The IP address others reach it by; null for the machine's own.</summary>
    public string? Address { get; init; }

    /// <summary>Port for other silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for clients.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Port for health and metrics.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>How silos find each other.</summary>
    public ClusteringSettings Clustering { get; init; } = new();

    /// <summary>Where state is kept.</summary>
    public StorageSettings Storage { get; init; } = new();

    /// <summary>Where super-networks come from.</summary>
    public SuperNetworkSettings SuperNetworks { get; init; } = new();

    /// <summary>How it evaluates.</summary>
    public EvaluatorSettings Evaluator { get; init; } = new();

    /// <summary>How soon a silent silo counts as dead.</summary>
    public LivenessSettings Liveness { get; init; } = new();

    /// <summary>Certificates; none for plain connections.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>
    /// Address of an OpenTelemetry collector for traces; null for none. Without a path, such as <c>http://collector:4317</c>, it is spoken to by
    /// gRPC; with its path, such as <c>http://collector:4318/v1/traces</c>, by HTTP.
    /// </summary>
    public Uri? Otlp { get; init; }
}

/// <summary>What a silo does.</summary>
public enum SiloRole
{
    /// <summary>Runs searches and evaluates.</summary>
    Both,

    /// <summary>Runs searches; needs no accelerator and no super-network.</summary>
    Controller,

    /// <summary>Evaluates.</summary>
    Evaluator,
}

/// <summary>How silos find each other.</summary>
public sealed record ClusteringSettings
{
    /// <summary>By what.</summary>
    public ClusteringProvider Provider { get; init; } = ClusteringProvider.Localhost;

    /// <summary>Connection string of the tables or the database; or <c>https://ACCOUNT.table.core.windows.net</c>, to be reached by an Entra ID identity.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>With localhost: the silo port of the first silo, without which the cluster cannot live.</summary>
    public int PrimaryPort { get; init; } = 11111;
}

/// <summary>What silos find each other by.</summary>
public enum ClusteringProvider
{
    /// <summary>Ports of this machine; for development.</summary>
    Localhost,

    /// <summary>Azure Storage tables.</summary>
    AzureTables,

    /// <summary>A PostgreSQL database.</summary>
    PostgreSql,
}

/// <summary>Where state is kept.</summary>
public sealed record StorageSettings
{
    /// <summary>In what.</summary>
    public StorageProvider Provider { get; init; } = StorageProvider.Memory;

    /// <summary>Connection string of the storage account or the database; or <c>https://ACCOUNT.blob.core.windows.net</c>, to be reached by an Entra ID identity.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>With Azure blobs: the container.</summary>
    public string Container { get; init; } = "nascluster";
}

/// <summary>What state is kept in.</summary>
public enum StorageProvider
{
    /// <summary>The silos' memory; for development, since it dies with them.</summary>
    Memory,

    /// <summary>Azure Storage blobs.</summary>
    AzureBlobs,

    /// <summary>A PostgreSQL database.</summary>
    PostgreSql,
}

/// <summary>Where super-networks come from.</summary>
public sealed record SuperNetworkSettings
{
    /// <summary>A mounted directory with one model directory or file per super-network; its names are theirs.</summary>
    public string? Directory { get; init; }

    /// <summary>Where stored contents are cached; silos on one machine may share it.</summary>
    public string CacheDirectory { get; init; } = Path.Combine(Path.GetTempPath(), "nascluster");

    /// <summary>How many bytes the cache may take.</summary>
    public long CacheBytes { get; init; } = 64L << 30;

    /// <summary>How many bytes of super-networks nobody uses stay in memory.</summary>
    public long IdleBytes { get; init; } = 8L << 30;

    /// <summary>Names of super-networks that are loaded at the start and stay in memory; the silo is not ready before they are there.</summary>
    public IReadOnlyList<string> Preload { get; init; } = [];
}

/// <summary>Engines that networks are scored with.</summary>
public enum EvaluatorEngine
{
    /// <summary>The managed engine, on the processors.</summary>
    Cpu,

    /// <summary>TorchSharp, on a graphics card.</summary>
    Torch,
}

/// <summary>How a silo evaluates.</summary>
public sealed record EvaluatorSettings
{
    /// <summary>What networks are scored with. A search goes on with the engine, number format and kind of device of the silo that prepared it: only such silos evaluate for it.</summary>
    public EvaluatorEngine Engine { get; init; }

    /// <summary>
    /// Devices, each of which evaluates by itself: cpu or cuda:N with the engine Torch; cpu:N, some threads of the processors, with the CPU
    /// engine. None for one: the first graphics card with Torch where there is one, otherwise the processors.
    /// </summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Number format of the engine Torch; null for bfloat16 on graphics cards and float32 on processors.</summary>
    public TorchPrecision? Precision { get; init; }

    /// <summary>Threads of the CPU engine on each device; 0 for one per core, divided among the devices.</summary>
    public int Threads { get; init; }

    /// <summary>The most trials evaluated at once, so that work they have in common is shared.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>How long it may finish its work when it is asked to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>How soon a silent silo counts as dead.</summary>
public sealed record LivenessSettings
{
    /// <summary>How long one probe may take, and how often silos probe each other.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many probes in a row may fail.</summary>
    public int MissedProbes { get; init; } = 2;

    /// <summary>How long the silo may leave a grain call to itself unanswered before it says that it lives no more.</summary>
    public TimeSpan Pulse { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Certificates of a silo or a client, as PEM files.</summary>
public sealed record TlsSettings
{
    /// <summary>Its certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's key.</summary>
    public string? Key { get; init; }

    /// <summary>The authority that signed everybody's certificates.</summary>
    public string? Authority { get; init; }
}
