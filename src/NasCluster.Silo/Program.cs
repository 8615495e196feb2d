using NasCluster.Core;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Health;
using NasCluster.Silo.Hosting;
using NasCluster.Silo.Hosting.PostgreSql;

const string Prepare = "--prepare-database";

try
{
    // Taken out first: a switch without a value would take the next argument for it.
    string[] options = [.. args.Where(argument => argument is not (HealthQuestion.Switch or Prepare))];
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = options, ContentRootPath = AppContext.BaseDirectory });
    var settings = SiloSettingsReader.Read(builder.Configuration);
    if (args.Contains(HealthQuestion.Switch))
    {
        return await HealthQuestion.AskAsync(settings.HttpPort, Console.Out) ? 0 : 1;
    }

    var databases = await DatabaseTables.PrepareAsync(settings, CancellationToken.None);
    if (args.Contains(Prepare))
    {
        foreach (var (section, isNew) in databases)
        {
            Console.WriteLine($"{section}: the database {(isNew ? "has its tables now" : "had its tables already")}.");
        }

        return databases.Count > 0 ? 0 : throw new NasClusterException($"{Prepare} finds none: neither Clustering.Provider nor Storage.Provider is PostgreSql.");
    }

    SiloHost.Configure(builder, settings);
    var app = builder.Build();
    SiloHost.Map(app);
    await app.RunAsync();
    return 0;
}
catch (NasClusterException exception)
{
    foreach (var line in exception.Message.Split('\n'))
    {
        Console.Error.WriteLine($"nas-silo: {line}");
    }

    return 1;
}
catch (Exception exception) when (StartFailure.Of(exception) is { } failure)
{
    Console.Error.WriteLine($"nas-silo: {failure}");
    return 1;
}
