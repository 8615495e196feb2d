using NasCluster.Core;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Hosting;

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var settings = SiloSettingsReader.Read(builder.Configuration);
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
