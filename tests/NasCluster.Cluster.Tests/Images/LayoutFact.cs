namespace NasCluster.Cluster.Tests.Images;

/// <summary>A test that becomes the user of the images, which only root can.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LayoutFactAttribute : FactAttribute
{
    public LayoutFactAttribute() => Skip = !OperatingSystem.IsLinux() ? "Images are for Linux."
        : !Environment.IsPrivilegedProcess ? "Only root can become the images' user."
        : File.Exists("/usr/bin/setpriv") ? null : "setpriv (util-linux) is not here.";
}
