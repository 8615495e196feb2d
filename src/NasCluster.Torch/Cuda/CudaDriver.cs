using System.Runtime.InteropServices;
using System.Text;

namespace NasCluster.Torch.Cuda;

/// <summary>The driver of NVIDIA's cards, as its own library tells of it; whether or not there is a library that could use it.</summary>
/// <param name="InitialisationError">What <c>cuInit</c> gave: 0 for success, otherwise one of CUDA's error codes.</param>
/// <param name="Version">The newest CUDA it can serve, as <c>cuDriverGetVersion</c> has it: 1000 times the major version and 10 times the minor.</param>
/// <param name="Devices">How many devices it finds.</param>
internal sealed record CudaDriver(int InitialisationError, int Version, int Devices)
{
    private const string FileName = "libcuda.so.1";

    /// <summary>CUDA's code for a driver that finds no device.</summary>
    public const int NoDevice = 100;

    /// <summary>CUDA's code for a driver's library that is of another version than the kernel's module, as after an update without a restart.</summary>
    public const int VersionsDiffer = 803;

    /// <summary>The major version of <see cref="Version"/>.</summary>
    public int Major => Version / 1000;

    /// <summary>Its version as people write it, such as <c>12.4</c>.</summary>
    public string VersionText => $"{Major}.{Version % 1000 / 10}";

    /// <summary>Asks the driver's library; null where there is none.</summary>
    public static CudaDriver? Ask()
    {
        if (!NativeLibrary.TryLoad(FileName, out var library))
        {
            return null;
        }

        // It stays loaded: whoever uses the driver in this process shares it.
        var error = Function<Initialise>(library, "cuInit")(0);
        return new CudaDriver(error, Count(library, "cuDriverGetVersion"), error == 0 ? Count(library, "cuDeviceGetCount") : 0);
    }

    /// <summary>The model of a card, such as <c>NVIDIA H100 80GB HBM3</c>; null where the driver does not say.</summary>
    /// <param name="index">Its number, from 0, among those that this process may use.</param>
    public string? ModelOf(int index)
    {
        const int longest = 256;
        if (index < 0 || index >= Devices || !NativeLibrary.TryLoad(FileName, out var library))
        {
            return null;
        }

        var name = new byte[longest];
        return Function<GetDevice>(library, "cuDeviceGet")(out var device, index) == 0 && Function<GetName>(library, "cuDeviceGetName")(name, longest, device) == 0
            ? Encoding.UTF8.GetString(name, 0, Math.Max(0, Array.IndexOf(name, (byte)0)))
            : null;
    }

    private static int Count(nint library, string name) => Function<GetNumber>(library, name)(out var number) == 0 ? number : 0;

    private static T Function<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    private delegate int Initialise(uint flags);

    private delegate int GetNumber(out int number);

    private delegate int GetDevice(out int device, int index);

    private delegate int GetName([Out] byte[] name, int length, int device);
}
