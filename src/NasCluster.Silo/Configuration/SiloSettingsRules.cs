using System.Globalization;
using System.Net;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Silo.Hosting;
using Npgsql;

namespace NasCluster.Silo.Configuration;

/// <summary>What a silo's settings must keep to. Every problem is found at once.</summary>
internal static class SiloSettingsRules
{
    /// <summary>One line per problem, each naming the setting and the rule.</summary>
    public static IReadOnlyList<string> Check(SiloSettings settings)
    {
        var problems = new List<string>();
        Name("Cluster", settings.Cluster);
        Defined("Role", settings.Role);
        Port("SiloPort", settings.SiloPort);
        Port("GatewayPort", settings.GatewayPort);
        Port("HttpPort", settings.HttpPort);
        if (new[] { settings.SiloPort, settings.GatewayPort, settings.HttpPort }.Distinct().Count() < 3)
        {
            problems.Add("SiloPort, GatewayPort and HttpPort must be three different ports.");
        }

        if (settings.Address is { } address && !IPAddress.TryParse(address, out _))
        {
            problems.Add($"Address is '{address}'; it must be an IP address, or left out.");
        }

        Defined("Clustering.Provider", settings.Clustering.Provider);
        Port("Clustering.PrimaryPort", settings.Clustering.PrimaryPort);
        Connection("Clustering", settings.Clustering.Provider != ClusteringProvider.Localhost, settings.Clustering.ConnectionString, settings.Clustering.Provider switch
        {
            ClusteringProvider.PostgreSql => value => new NpgsqlConnectionStringBuilder(value),
            ClusteringProvider.AzureTables => AzureTables.Client,
            _ => null,
        });
        Defined("Storage.Provider", settings.Storage.Provider);
        Name("Storage.Container", settings.Storage.Container);
        Connection("Storage", settings.Storage.Provider != StorageProvider.Memory, settings.Storage.ConnectionString, settings.Storage.Provider switch
        {
            StorageProvider.PostgreSql => value => new NpgsqlConnectionStringBuilder(value),
            StorageProvider.AzureBlobs => AzureBlobs.Client,
            _ => null,
        });
        if (settings.SuperNetworks.Directory is { } directory && settings.Role != SiloRole.Controller && !Directory.Exists(directory))
        {
            problems.Add($"SuperNetworks.Directory is '{directory}'; there is no such directory.");
        }

        AtLeast("SuperNetworks.CacheBytes", settings.SuperNetworks.CacheBytes, 0);
        AtLeast("SuperNetworks.IdleBytes", settings.SuperNetworks.IdleBytes, 0);
        Preload(settings);
        Devices(settings.Evaluator);
        if (settings.Evaluator is { Engine: EvaluatorEngine.Cpu, Precision: not null })
        {
            problems.Add("Evaluator.Precision is for the engine Torch; Evaluator.Engine is Cpu.");
        }

        AtLeast("Evaluator.Threads", settings.Evaluator.Threads, 0);
        AtLeast("Evaluator.BatchSize", settings.Evaluator.BatchSize, 1);
        Positive("Evaluator.Grace", settings.Evaluator.Grace);
        Positive("Liveness.ProbeTimeout", settings.Liveness.ProbeTimeout);
        AtLeast("Liveness.MissedProbes", settings.Liveness.MissedProbes, 1);
        Positive("Liveness.Pulse", settings.Liveness.Pulse);
        if (settings.Tls is { } tls)
        {
            File("Tls.Certificate", tls.Certificate);
            File("Tls.Key", tls.Key);
            File("Tls.Authority", tls.Authority);
        }

        if (settings.Otlp is { } otlp && (!otlp.IsAbsoluteUri || otlp.Scheme is not ("http" or "https")))
        {
            problems.Add($"Otlp is '{otlp}'; it must be an http or https address.");
        }

        return problems;

        void Preload(SiloSettings settings)
        {
            var names = settings.SuperNetworks.Preload;
            if (names.Count > 0 && settings.Role == SiloRole.Controller)
            {
                problems.Add("SuperNetworks.Preload is set; a silo whose Role is Controller holds no super-networks.");
            }

            for (var i = 0; i < names.Count; i++)
            {
                if (!CatalogName.TryParse(names[i], out _))
                {
                    problems.Add($"SuperNetworks.Preload:{i} is '{names[i]}'; it must be the name of a super-network: 1 to {CatalogName.MaximumLength} of a-z, 0-9, '-' and '.'.");
                }
                else if (names.Take(i).Contains(names[i]))
                {
                    problems.Add($"SuperNetworks.Preload:{i} is '{names[i]}', which is there already; each name may be there once.");
                }
            }
        }

        void Devices(EvaluatorSettings evaluator)
        {
            var (names, form) = (evaluator.Devices, evaluator.Engine == EvaluatorEngine.Cpu ? "cpu:N" : "cpu or cuda:N");
            for (var i = 0; i < names.Count; i++)
            {
                var parts = names[i].Split(':');
                var isNumbered = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
                if (!(evaluator.Engine == EvaluatorEngine.Cpu ? isNumbered && parts[0] == "cpu" : names[i] == "cpu" || (isNumbered && parts[0] == "cuda")))
                {
                    problems.Add($"Evaluator.Devices:{i} is '{names[i]}'; with the engine {evaluator.Engine} it must be {form}.");
                }
                else if (names.Take(i).Contains(names[i]))
                {
                    problems.Add($"Evaluator.Devices:{i} is '{names[i]}', which is there already; each device may be there once.");
                }
            }
        }

        void Name(string key, string value)
        {
            if (value.Length is < 3 or > 63 || !value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
                || value[0] == '-' || value[^1] == '-' || value.Contains("--", StringComparison.Ordinal))
            {
                problems.Add($"{key} is '{value}'; it must have 3 to 63 of a-z, 0-9 and '-', and no '-' first, last or twice in a row.");
            }
        }

        void Defined<T>(string key, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                problems.Add($"{key} is '{value}'; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
            }
        }

        void Port(string key, int value)
        {
            if (value is < 1 or > 65535)
            {
                problems.Add($"{key} is {value}; it must be in [1, 65535].");
            }
        }

        void Connection(string section, bool isNeeded, string? value, Func<string, object>? parse)
        {
            if (isNeeded && string.IsNullOrWhiteSpace(value))
            {
                problems.Add($"{section}.ConnectionString is missing; {section}.Provider needs one.");
                return;
            }

            try
            {
                _ = isNeeded ? parse?.Invoke(value!) : null;
            }
            catch (NasClusterException exception)
            {
                problems.Add($"{section}.ConnectionString {exception.Message}");
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or InvalidOperationException)
            {
                // Neither the text nor what the parser says of it: there are secrets in it.
                problems.Add($"{section}.ConnectionString is none that {section}.Provider understands.");
            }
        }

        void AtLeast(string key, long value, long least)
        {
            if (value < least)
            {
                problems.Add($"{key} is {value}; it must be at least {least}.");
            }
        }

        void Positive(string key, TimeSpan value)
        {
            if (value <= TimeSpan.Zero)
            {
                problems.Add($"{key} is {value}; it must be above zero.");
            }
        }

        void File(string key, string? path)
        {
            if (string.IsNullOrWhiteSpace(path))
            {
                problems.Add($"{key} is missing; TLS needs certificate, key and authority.");
            }
            else if (!System.IO.File.Exists(path))
            {
                problems.Add($"{key} is '{path}'; there is no such file.");
            }
        }
    }
}
