namespace NasCluster.Core.Control;

/// <summary>What a controller is about.</summary>
public enum ControllerPhase
{
    /// <summary>It dispatches.</summary>
    Running,

    /// <summary>It dispatches nothing until told to go on.</summary>
    Paused,

    /// <summary>It saves what was reported, then finishes.</summary>
    Stopping,

    /// <summary>It is over, completed or stopped.</summary>
    Finished,
}
