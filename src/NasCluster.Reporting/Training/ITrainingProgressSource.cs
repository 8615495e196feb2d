namespace NasCluster.Reporting.Training;

/// <summary>Where a view reads what there is to show of a training run.</summary>
public interface ITrainingProgressSource
{
    /// <summary>The run as it is now.</summary>
    /// <remarks>Called several times a second from any thread; must not wait for the run.</remarks>
    TrainingSnapshot Read();
}
