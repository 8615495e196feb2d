using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using NasCluster.Testing;

namespace NasCluster.Cluster.Testing;

/// <summary>A running Prometheus that scrapes silos of this machine every second.</summary>
/// <remarks>The environment variable <c>NASCLUSTER_PROMETHEUS</c> names a folder with the programs <c>prometheus</c> and <c>promtool</c> (2.42 was used).</remarks>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const string Variable = "NASCLUSTER_PROMETHEUS";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    // A range is answered with at most 11,000 points.
    private const int MostSteps = 10_000;

    private readonly TemporaryDirectory _directory;
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(TemporaryDirectory directory, int port)
    {
        _directory = directory;
        _process = ChildProcess.Start(
            Program("prometheus"), $"--config.file={directory.At("prometheus.yaml")}", $"--storage.tsdb.path={directory.At("data")}",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn");
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Why there is none; null when there is one.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => $"{Variable} is not set; it names a folder with prometheus and promtool.",
        var folder when !File.Exists(Path.Combine(folder, "prometheus")) || !File.Exists(Path.Combine(folder, "promtool")) =>
            $"{Variable} is '{folder}', in which there are no prometheus and promtool.",
        _ => null,
    };

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="rules">The text of a file of rules.</param>
    /// <param name="targets">Ports of this machine, each with its labels as YAML has them: <c>pod: a, namespace: b</c>.</param>
    /// <exception cref="NotSupportedException">It is <see cref="Missing"/>.</exception>
    public static async Task<PrometheusServer> StartAsync(string rules, params IEnumerable<(int Port, string Labels)> targets)
    {
        if (Missing is not null)
        {
            throw new NotSupportedException(Missing);
        }

        var directory = new TemporaryDirectory();
        directory.Write("rules.yaml", rules);
        directory.Write(
            "prometheus.yaml",
            $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: nascluster
                static_configs: [{{string.Join(", ", targets.Select(t => $"{{targets: ['127.0.0.1:{t.Port}'], labels: {{{t.Labels}}}}}"))}}]
            """);
        var port = FreePorts.Take(1)[0];
        var server = new PrometheusServer(directory, port);
        await server.ReadyAsync(port);
        return server;
    }

    /// <summary>Runs <c>promtool</c> to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public static Task ToolAsync(params IEnumerable<string> arguments) => ChildProcess.RunAsync(Program("promtool"), arguments);

    /// <summary>What an expression was over a time, second by second; numbers that are not finite are left out.</summary>
    /// <exception cref="InvalidOperationException">It refuses the expression.</exception>
    public async Task<ImmutableArray<TimeSeries>> RangeAsync(string expression, DateTimeOffset from, DateTimeOffset to)
    {
        var step = Math.Max(1, (int)Math.Ceiling((to - from).TotalSeconds / MostSteps));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["query"] = expression,
            ["start"] = Seconds(from),
            ["end"] = Seconds(to),
            ["step"] = $"{step}s",
        });
        using var answer = await _http.PostAsync("/api/v1/query_range", form);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"Prometheus refuses '{expression}': {text}");
        }

        return [.. JsonNode.Parse(text)!["data"]!["result"]!.AsArray().Select(Read)];

        static string Seconds(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The rules as it has read them: name, expression, whether it is an alert, and what went wrong with it last, empty for nothing.</summary>
    public async Task<ImmutableArray<(string Name, string Expression, bool IsAlert, string Error)>> RulesAsync() =>
    [
        .. from rule in JsonNode.Parse(await _http.GetStringAsync("/api/v1/rules"))!["data"]!["groups"]!.AsArray().SelectMany(g => g!["rules"]!.AsArray())
           select ((string)rule!["name"]!, (string)rule["query"]!, (string)rule["type"]! == "alerting", (string?)rule["lastError"] ?? ""),
    ];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>It listens before it has read what it keeps, and refuses questions until then.</summary>
    private async Task ReadyAsync(int port)
    {
        await _process.ListensAsync(port);
        using var patience = new CancellationTokenSource(StartPatience);
        while (true)
        {
            using var answer = await _http.GetAsync("/-/ready", patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(100, patience.Token);
        }
    }

    private static string Program(string name) => Path.Combine(Environment.GetEnvironmentVariable(Variable)!, name);

    private static TimeSeries Read(JsonNode? series) => new(
        series!["metric"]!.AsObject().ToImmutableSortedDictionary(l => l.Key, l => (string)l.Value!, StringComparer.Ordinal),
        [.. from point in series["values"]!.AsArray()
            let value = Number((string)point![1]!)
            where double.IsFinite(value)
            select new TimePoint(DateTimeOffset.FromUnixTimeMilliseconds((long)(1000 * (double)point[0]!)), value)]);

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
