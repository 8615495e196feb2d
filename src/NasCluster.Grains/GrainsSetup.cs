using Microsoft.Extensions.DependencyInjection;
using NasCluster.Grains.Data;
using NasCluster.Grains.Evaluators;
using NasCluster.Grains.Searches;
using Orleans.Configuration;
using Orleans.Serialization;

namespace NasCluster.Grains;

/// <summary>Adds the grains to a silo.</summary>
public static class GrainsSetup
{
    /// <summary>Adds them.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="runsSearches">Whether grains that run searches may be placed here.</param>
    /// <param name="evaluates">Whether grains that need super-networks may be placed here.</param>
    public static void AddGrains(this ISiloBuilder silo, bool runsSearches, bool evaluates)
    {
        silo.Services.AddSingleton<EvaluationDevices>();
        silo.AddPlacementDirector<EvaluatorPlacement, EvaluatorPlacementDirector>();
        silo.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add("NasCluster"));

        // A silo says which grain classes it has; others are never placed on it.
        silo.Configure<GrainTypeOptions>(options =>
        {
            if (!runsSearches)
            {
                options.Classes.Remove(typeof(PopulationGrain));
                options.Classes.Remove(typeof(ParetoArchiveGrain));
                options.Classes.Remove(typeof(EvaluationCacheGrain));
                options.Classes.Remove(typeof(SearchCatalogGrain));
                options.Classes.Remove(typeof(DataCatalogGrain));
                options.Classes.Remove(typeof(EvaluatorDirectoryGrain));
            }

            if (!evaluates)
            {
                options.Classes.Remove(typeof(EvaluatorGrain));
                options.Classes.Remove(typeof(PreparationGrain));
                options.Classes.Remove(typeof(StageGrain));
            }
        });
    }
}
