using NasCluster.Core;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Health;
using NasCluster.Silo.Hosting;

try
{
    // Taken out first: a switch without a value would take the next argument for it.
    string[] options = [.. args.Where(argument => argument != HealthQuestion.Switch)];
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = options, ContentRootPath = AppContext.BaseDirectory });
    var settings = SiloSettingsReader.Read(builder.Configuration);
    if (args.Contains(HealthQuestion.Switch))
    {
        return await HealthQuestion.AskAsync(settings.HttpPort, Console.Out) ? 0 : 1;
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
