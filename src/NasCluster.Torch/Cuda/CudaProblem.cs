namespace NasCluster.Torch.Cuda;

/// <summary>Why libtorch finds no CUDA device, as far as its files and the driver tell.</summary>
internal static class CudaProblem
{
    /// <summary>The reason and what to do about it, in a sentence or two.</summary>
    /// <param name="libraryCuda">Major version of the CUDA that libtorch was built for; null where it was built without.</param>
    /// <param name="driver">The driver; null where there is none.</param>
    public static string Of(int? libraryCuda, CudaDriver? driver) => (libraryCuda, driver) switch
    {
        (null, _) => "this libtorch is for processors only. Build with -p:Torch=cuda.",
        (_, null) => "there is no driver of NVIDIA's (libcuda.so.1). Install it; in a container, give it the card through NVIDIA's container toolkit.",
        (_, { InitialisationError: CudaDriver.VersionsDiffer }) => "the driver's library and the kernel's module are of different versions. Restart the machine after an update of the driver.",

        // Within a major version any driver serves any library ("minor version compatibility" in CUDA's own guide); an older major one does not.
        ({ } needed, { Version: > 0 } old) when old.Major < needed => $"the driver serves CUDA {old.VersionText} and libtorch needs {needed}. Install a newer driver.",
        (_, { InitialisationError: CudaDriver.NoDevice }) or (_, { InitialisationError: 0, Devices: 0 }) =>
            "the driver finds no card. In a container, give it one; otherwise look whether CUDA_VISIBLE_DEVICES hides it.",
        (_, { InitialisationError: not 0 } failed) => $"the driver does not start (cuInit gives {failed.InitialisationError}). Look at nvidia-smi and the kernel's log.",
        _ => $"the driver has {driver!.Devices} and serves CUDA {driver.VersionText}, so libtorch itself is damaged or does not fit the card. Install it again.",
    };
}
