using System.Reflection;

namespace NasCluster.Local;

/// <summary>The program's version, as it goes into every run's provenance.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
