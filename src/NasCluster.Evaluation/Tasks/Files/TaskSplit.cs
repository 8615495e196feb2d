namespace NasCluster.Evaluation.Tasks.Files;

/// <summary>A part of a data set, as its publishers divide it.</summary>
public enum TaskSplit
{
    /// <summary>For training; examples are drawn from it.</summary>
    Train,

    /// <summary>For choosing settings; what a task whose test labels are not published is evaluated on.</summary>
    Validation,

    /// <summary>For testing.</summary>
    Test,
}
