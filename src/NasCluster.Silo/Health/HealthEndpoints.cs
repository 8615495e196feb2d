using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace NasCluster.Silo.Health;

/// <summary>Where Kubernetes asks how a silo is.</summary>
internal static class HealthEndpoints
{
    /// <summary>The tag of checks that decide readiness.</summary>
    public const string Ready = "ready";

    /// <summary>The tag of checks that decide liveness.</summary>
    public const string Live = "live";

    /// <summary>Where readiness is asked for.</summary>
    public const string ReadyPath = "/health/ready";

    private const string LivePath = "/health/live";

    /// <summary>Adds <c>/health/live</c> (a restart would not help; see <see cref="LiveCheck"/>) and <c>/health/ready</c> (it can do its work).</summary>
    public static void MapHealth(this WebApplication app)
    {
        Map(LivePath, Live);
        Map(ReadyPath, Ready);

        void Map(string path, string tag) =>
            app.MapHealthChecks(path, new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, Microsoft.Extensions.Diagnostics.HealthChecks.HealthReport report) =>
        context.Response.WriteAsync(string.Join('\n', report.Entries.Select(e => $"{e.Key}: {e.Value.Status} {e.Value.Description}".TrimEnd())) + "\n");
}
