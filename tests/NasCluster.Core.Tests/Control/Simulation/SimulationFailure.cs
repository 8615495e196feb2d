namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>A simulated run broke an invariant.</summary>
internal sealed class SimulationFailure(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds)
        {
            throw new SimulationFailure(message);
        }
    }
}
