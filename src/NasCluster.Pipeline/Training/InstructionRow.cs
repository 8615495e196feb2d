namespace NasCluster.Pipeline.Training;

/// <summary>An instruction and how it was carried out.</summary>
/// <param name="Place">File and line or row, for messages.</param>
/// <param name="Instruction">What to do; never empty.</param>
/// <param name="Input">What to do it with; often empty.</param>
/// <param name="Output">The answer; never empty.</param>
public sealed record InstructionRow(string Place, string Instruction, string Input, string Output)
{
    /// <summary>What stands before the answer, in the wording that Alpaca was trained with (Taori et al. 2023).</summary>
    /// <remarks>The answer follows at once: the colon is the prompt's last character.</remarks>
    public string Prompt => string.IsNullOrWhiteSpace(Input)
        ? "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
            + $"### Instruction:\n{Instruction}\n\n### Response:"
        : "Below is an instruction that describes a task, paired with an input that provides further context. "
            + "Write a response that appropriately completes the request.\n\n"
            + $"### Instruction:\n{Instruction}\n\n### Input:\n{Input}\n\n### Response:";
}
