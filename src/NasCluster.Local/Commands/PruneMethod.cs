namespace NasCluster.Local.Commands;

/// <summary>The ways to prune to one size that have a short name; each stands for keys of search.yaml, and all of them can be mixed there.</summary>
internal static class PruneMethod
{
    /// <summary>The short names; the first is the default.</summary>
    public static string[] Names { get; } = ["mask-evolution", "importance", "policy-gradient", "linas", "composition"];

    /// <summary>The keys that a name stands for.</summary>
    public static IEnumerable<(string Key, string Value)> KeysOf(string name) => name switch
    {
        // The whole network and the mask of the most important channels: no search at all.
        "importance" => [.. Masks("pairs", "hessian"), ("budget.evaluations", "2")],
        "mask-evolution" => [.. Masks("pairs", "hessian"), ("algorithm.population", "100"), ("budget.evaluations", "1000")],
        "policy-gradient" => [.. Masks("groups", "wanda"), ("pruning.policy_gradient.steps", "3000"), ("budget.evaluations", "2")],
        "linas" =>
        [
            ("space.kind", "widths"),
            ("space.mlp", "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]"),
            ("space.head_pairs", "[0.5, 0.625, 0.75, 0.875, 1.0]"),
            ("objectives", "[perplexity]"),
            ("algorithm.name", "linas"),
            ("algorithm.population", "25"),
            ("pruning.importance", "hessian"),
            ("budget.evaluations", "250"),
        ],
        "composition" =>
        [
            .. Masks("groups", "wifv"),
            ("pruning.spread", "global"),
            ("pruning.score", "repaired"),
            ("pruning.policy_gradient.steps", "3000"),
            ("algorithm.population", "100"),
            ("budget.evaluations", "1000"),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such method."),
    };

    private static (string, string)[] Masks(string attention, string importance) =>
    [
        ("space.kind", "masks"),
        ("space.attention", attention),
        ("objectives", "[perplexity]"),
        ("algorithm.name", "mask_evolution"),
        ("pruning.importance", importance),
    ];
}
