using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Tasks.Shots;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>A task of the evaluation harness (version 0.4.9.2): its files, its prompts, how it is marked, and where its examples come from.</summary>
public abstract class TaskDefinition
{
    /// <summary>The harness's name for it, such as <c>arc_easy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is marked by; the first is the one the task is known for.</summary>
    public virtual ImmutableArray<string> Metrics => [TaskMetrics.Accuracy];

    /// <summary>The part it is evaluated on.</summary>
    public virtual TaskSplit Evaluated => TaskSplit.Validation;

    /// <summary>The part examples are drawn from; null where the task is defined without examples.</summary>
    public virtual TaskSplit? ExampleSplit => TaskSplit.Train;

    /// <summary>How examples are chosen.</summary>
    public virtual ExampleRule ExampleRule => ExampleRule.Random;

    /// <summary>Whether a spare example is drawn: the harness does so for tasks that name neither a test split nor one for examples.</summary>
    public virtual bool DrawsSpareExample => Evaluated == TaskSplit.Validation;

    /// <summary>What stands before everything else; empty for most.</summary>
    public virtual string Description => "";

    /// <summary>Whether the right choice is always at the same place by the task's definition.</summary>
    public virtual bool HasFixedGold => false;

    /// <summary>What the files of a part must be called and look like, in a few words, for messages.</summary>
    public abstract string Layout { get; }

    /// <summary>Reads the documents of a part.</summary>
    /// <param name="path">The folder its files lie in or the one above; where it is a file, that is the part itself.</param>
    /// <param name="split">Which part.</param>
    /// <param name="warnings">What was noticed goes here.</param>
    /// <exception cref="NasClusterException">A file is missing, cannot be read or breaks a rule; the message names file, line and rule.</exception>
    public abstract ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings);

    /// <summary>What a part is called in messages.</summary>
    private protected string Part(TaskSplit split) => $"The {split.ToString().ToLowerInvariant()} part of {Name} ({Layout})";
}
