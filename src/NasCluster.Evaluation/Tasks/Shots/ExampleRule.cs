namespace NasCluster.Evaluation.Tasks.Shots;

/// <summary>How the examples before a question are chosen.</summary>
public enum ExampleRule
{
    /// <summary>At random, anew for each question.</summary>
    Random,

    /// <summary>The first ones of the file, the same for every question.</summary>
    First,
}
