using NasCluster.Core;
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

        var index = name == "cuda" ? 0 : name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out var n) && n >= 0 ? n : -1;
        if (index < 0)
        {
            throw new NasClusterException($"'{name}' is no device; it must be cpu, cuda or cuda:N.");
        }

        var devices = CudaDevices;
        return index < devices ? new torch.Device(DeviceType.CUDA, index) : throw new NasClusterException(devices == 0
            ? $"There is no device {name}: libtorch {Version} finds no CUDA device. Is this built with -p:Torch=cuda, and is a driver there (nvidia-smi)?"
            : $"There is no device {name}; libtorch finds cuda:0 to cuda:{devices - 1}.");
    }

    private static void Require()
    {
        if (Problem is { } problem)
        {
            throw new NasClusterException(problem);
        }
    }

    private static string? Load()
    {
        try
        {
            return torch.TryInitializeDeviceType(DeviceType.CPU) ? null : "TorchSharp's native library gives no CPU device.";
        }
        catch (Exception exception) when (exception is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            return $"TorchSharp's native library cannot be loaded: {Reason(exception)}";
        }
    }

    // What the system's loader says is worth more than the library's long account of where it looked.
    private static string Reason(Exception exception)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        foreach (var path in new[] { file, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so") }.Where(File.Exists))
        {
            try
            {
                System.Runtime.InteropServices.NativeLibrary.Free(System.Runtime.InteropServices.NativeLibrary.Load(path));
            }
            catch (DllNotFoundException missing)
            {
                return missing.Message.Split('\n')[0].Trim();
            }
        }

        return (exception.InnerException ?? exception).Message.Split('\n')[0].Trim();
    }
}
