namespace NasCluster.Llama.Training;

/// <summary>What a sub-network learns from besides the true tokens.</summary>
public enum SoftTarget
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>What the fixed teacher expects.</summary>
    Teacher,

    /// <summary>What the largest sub-network expects.</summary>
    Largest,

    /// <summary>The mean of both, weighted by <see cref="StepBatch.TeacherShare"/>.</summary>
    Mixture,
}
