namespace NasCluster.Deployment.Tests.Rendering;

/// <summary>A test that needs <see cref="DeploymentTools"/>, and is skipped where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute() => Skip = DeploymentTools.Missing;
}

/// <summary>A theory that needs them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute() => Skip = DeploymentTools.Missing;
}
