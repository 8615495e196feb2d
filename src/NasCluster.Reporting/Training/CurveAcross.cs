namespace NasCluster.Reporting.Training;

/// <summary>What training curves run over.</summary>
public enum CurveAcross
{
    /// <summary>Steps of the optimiser.</summary>
    Steps,

    /// <summary>Tokens learned, which compares runs of unlike batches.</summary>
    Tokens,
}
