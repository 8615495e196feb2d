using System.Reflection;

namespace NasCluster.Silo.Hosting;

/// <summary>The program's version, as metrics say it.</summary>
internal static class SiloVersion
{
    public static string Text { get; } =
        typeof(SiloVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
