using NasCluster.Core;

namespace NasCluster.Silo.Configuration;

/// <summary>Reads a silo's settings from wherever they were given.</summary>
internal static class SiloSettingsReader
{
    private const string Section = "NasCluster";

    /// <summary>The settings, checked.</summary>
    /// <param name="configuration">appsettings.json, the environment, then the command line: the later wins.</param>
    /// <exception cref="NasClusterException">Something is wrong with them; every problem on a line of its own.</exception>
    public static SiloSettings Read(IConfiguration configuration)
    {
        SiloSettings settings;
        try
        {
            settings = configuration.GetSection(Section).Get<SiloSettings>(options => options.ErrorOnUnknownConfiguration = true) ?? new SiloSettings();
        }
        catch (InvalidOperationException exception)
        {
            // The binder names the key in the outer message and the reason in the inner one.
            throw new NasClusterException($"{Section}: {exception.Message} {exception.InnerException?.Message}".TrimEnd().ReplaceLineEndings(" "), exception);
        }

        var problems = SiloSettingsRules.Check(settings);
        return problems.Count == 0 ? settings : throw new NasClusterException(string.Join('\n', problems.Select(p => $"{Section}:{p}")));
    }
}
