using NasCluster.Core;
using NasCluster.Torch.Cuda;
using TorchSharp;

namespace NasCluster.Torch;

/// <summary>The native library: whether it is there, and which devices it finds.</summary>
public static class TorchLibrary
{
    private static readonly Lazy<string?> Failure = new(Load);

    /// <summary>Why the library cannot be loaded; null if it was.</summary>
    public static string? Problem => Failure.Value;

    /// <summary>The library's version, such as <c>2.10.0</c>.</summary>
    public static string Version => torch.__version__;

    /// <summary>Whether it was built to compute on CUDA devices.</summary>
    public static bool IsForCuda => Folders.Any(d => File.Exists(Path.Combine(d, "libtorch_cuda.so")));

    /// <summary>Why it finds no CUDA device, and what to do about it; null where it finds one.</summary>
    /// <exception cref="NasClusterException">The library cannot be loaded.</exception>
    public static string? NoCudaDevice => CudaDevices > 0 ? null : CudaProblem.Of(IsForCuda ? CudaMajor : null, CudaDriver.Ask());

    // The runtime that comes with the library carries the major version in its file's name: libcudart.so.12, or libcudart-1234abcd.so.12.
    private static int CudaMajor => Folders.Where(Directory.Exists)
        .SelectMany(d => Directory.EnumerateFiles(d, "libcudart*.so.*"))
        .Select(f => int.TryParse(Path.GetFileName(f).Split(".so.")[1].Split('.')[0], out var major) ? major : 0)
        .DefaultIfEmpty().Max();

    private static IEnumerable<string> Folders => NativeFiles.Select(f => Path.GetDirectoryName(f)!);

    /// <summary>How many CUDA devices it finds; 0 for the library without CUDA.</summary>
    /// <exception cref="NasClusterException">The library cannot be loaded.</exception>
    public static int CudaDevices
    {
        get
        {
            Require();
            return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        }
    }

    /// <summary>A device by its name.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="NasClusterException">The library cannot be loaded, the name is none, or there is no such device.</exception>
    public static torch.Device Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Require();
        if (name == "cpu")
        {
            return torch.CPU;
        }

        var index = IndexOf(name);
        if (index < 0)
        {
            throw new NasClusterException($"'{name}' is no device; it must be cpu, cuda or cuda:N.");
        }

        var devices = CudaDevices;
        return index < devices ? new torch.Device(DeviceType.CUDA, index) : throw new NasClusterException(devices == 0
            ? $"There is no device {name}: libtorch {Version} finds none, because {NoCudaDevice}"
            : $"There is no device {name}; libtorch finds cuda:0 to cuda:{devices - 1}.");
    }

    /// <summary>What kind of device one is: <c>cpu</c>, or <c>cuda</c> and the card's model, so that cards of one model count as alike.</summary>
    /// <param name="name">As in <see cref="Open"/>.</param>
    internal static string KindOf(string name) =>
        name == "cpu" ? name : CudaDriver.Ask()?.ModelOf(IndexOf(name)) is { } model ? $"cuda ({model})" : "cuda";

    private static int IndexOf(string name) =>
        name == "cuda" ? 0 : name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out var n) && n >= 0 ? n : -1;

    /// <summary>Whether a call failed because the device, or the host, has no memory left.</summary>
    internal static bool IsOutOfMemory(Exception exception) =>
        exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) // CUDA
        || exception.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase) // the host's allocator
        || exception.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a call failed because the device works no more: CUDA answers every later call of the process with the same error.</summary>
    internal static bool IsDeviceLost(Exception exception) =>
        exception.Message.Contains("CUDA error", StringComparison.OrdinalIgnoreCase) && !IsOutOfMemory(exception);

    /// <summary>What went wrong, without the library's own stack.</summary>
    internal static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();

    private static void Require()
    {
        if (Problem is { } problem)
        {
            throw new NasClusterException(problem);
        }
    }

    private static string? Load()
    {
        // The system's loader says in a line what is missing; the library itself would look elsewhere, copy what it finds, and tell of it at length.
        if (NativeFiles.Where(File.Exists).Select(LoaderProblem).FirstOrDefault(p => p is not null) is { } problem)
        {
            return $"TorchSharp's native library cannot be loaded: {problem}";
        }

        try
        {
            return torch.TryInitializeDeviceType(DeviceType.CPU) ? null : "TorchSharp's native library gives no CPU device.";
        }
        catch (Exception exception) when (exception is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            return $"TorchSharp's native library cannot be loaded: {FirstLine(exception.InnerException ?? exception)}";
        }
    }

    private static string[] NativeFiles =>
    [
        Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"),
        Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"),
    ];

    private static string? LoaderProblem(string path)
    {
        try
        {
            System.Runtime.InteropServices.NativeLibrary.Load(path);
            return null;
        }
        catch (DllNotFoundException exception)
        {
            // The runtime's own advice comes first, what the loader found on lines of their own after it.
            var lines = exception.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return lines.FirstOrDefault(l => l.StartsWith('/') && l.Contains(": ", StringComparison.Ordinal)) ?? lines[0];
        }
    }
}
