using NasCluster.Testing;

namespace NasCluster.Torch.Tests;

/// <summary>Leaves a class out where TorchSharp's native library cannot be loaded, as under a C++ library older than its own.</summary>
internal sealed class NeedsTorchAttribute : NeedsAttribute
{
    public override string? Missing => TorchLibrary.Problem;
}

/// <summary>A test that needs TorchSharp's native library and shared data.</summary>
internal sealed class NeedsTorchFactAttribute : FactAttribute
{
    /// <summary>Names the shared files or folders.</summary>
    public NeedsTorchFactAttribute(params string[] needed) => Skip = TorchLibrary.Problem ?? new SharedDataFactAttribute(needed).Skip;
}
