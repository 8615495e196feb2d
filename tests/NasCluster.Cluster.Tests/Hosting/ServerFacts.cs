namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>What a test needs besides this repository.</summary>
[Flags]
public enum Needs
{
    /// <summary>Azurite.</summary>
    Azurite = 1,

    /// <summary>PostgreSQL.</summary>
    PostgreSql = 2,

    /// <summary>PostgreSQL and Orleans' own scripts for it.</summary>
    OrleansScripts = PostgreSql | 4,

    /// <summary>Azurite, and a build with Azure Storage tables.</summary>
    AzuriteTables = Azurite | 8,

    /// <summary>Prometheus.</summary>
    Prometheus = 16,
}

/// <summary>A test that needs servers, and is skipped where one is missing; the servers say how to provide them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerFactAttribute : FactAttribute
{
    public ServerFactAttribute(Needs needs) => Skip = Missing(needs);

#if AZURE_TABLES
    private static string? TablesMissing => null;
#else
    private static string? TablesMissing => "The program was built without Azure Storage tables.";
#endif

    internal static string? Missing(Needs needs)
    {
        string?[] missing =
        [
            needs.HasFlag(Needs.Azurite) ? AzuriteServer.Missing : null,
            needs.HasFlag(Needs.PostgreSql) ? PostgreSqlServer.Missing : null,
            needs.HasFlag(Needs.Prometheus) ? PrometheusServer.Missing : null,
            needs.HasFlag(Needs.AzuriteTables) ? TablesMissing : null,
            needs.HasFlag(Needs.OrleansScripts) ? PostgreSqlServer.ScriptsMissing : null,
        ];
        return missing.All(m => m is null) ? null : string.Join(' ', missing.OfType<string>());
    }
}

/// <summary>A theory that needs servers.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerTheoryAttribute : TheoryAttribute
{
    public ServerTheoryAttribute(Needs needs) => Skip = ServerFactAttribute.Missing(needs);
}
