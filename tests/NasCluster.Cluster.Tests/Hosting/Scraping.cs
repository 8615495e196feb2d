namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>What silos serve to Prometheus.</summary>
internal static class Scraping
{
    public static async Task<Exposition> ScrapeAsync(this SiloProcess silo) => Exposition.Parse(await silo.GetAsync("/metrics"));
}
