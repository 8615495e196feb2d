namespace NasCluster.Llama.Cpu;

/// <summary>What is asked of the rows of a batch, row by row, so that each row's logits are computed once.</summary>
internal sealed class ScoredRows
{
    private readonly int[] _order;
    private readonly int[] _targets;
    private readonly int[] _firsts;

    /// <summary>Groups by row.</summary>
    /// <param name="rows">For each question the row asked; in any order, and as often as there are questions.</param>
    /// <param name="targets">The token asked for.</param>
    public ScoredRows(int[] rows, int[] targets)
    {
        _targets = targets;
        _order = [.. Enumerable.Range(0, rows.Length).OrderBy(i => rows[i])];
        _firsts = [.. Enumerable.Range(0, rows.Length).Where(i => i == 0 || rows[_order[i]] != rows[_order[i - 1]]), rows.Length];
        Rows = [.. _firsts.SkipLast(1).Select(i => rows[_order[i]])];
    }

    /// <summary>The rows asked, each once, ascending.</summary>
    public int[] Rows { get; }

    /// <summary>The questions, by place, asked of row number <paramref name="index"/> of <see cref="Rows"/>.</summary>
    public ReadOnlySpan<int> QuestionsOf(int index) => _order.AsSpan(_firsts[index].._firsts[index + 1]);

    /// <summary>The token that a question asks for.</summary>
    public int Target(int question) => _targets[question];
}
