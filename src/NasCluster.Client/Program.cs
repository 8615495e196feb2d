using System.CommandLine;
using NasCluster.Client;
using NasCluster.Client.Commands;
using NasCluster.Client.Connection;

var root = new RootCommand($"The console of a NasCluster: starts searches, watches and steers them.\n\n{ExitCode.Help}");
var connection = new ConnectionOptions(root);
root.Add(SearchCommands.Create(connection));
root.Add(DataCommands.SuperNetworks(connection));
root.Add(DataCommands.Data(connection));
root.Add(EvaluatorCommands.Create(connection));

var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return Failures.Usage(parsed);
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception)
{
    return Failures.Of(exception);
}
