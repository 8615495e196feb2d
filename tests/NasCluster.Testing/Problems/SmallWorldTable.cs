using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Testing.Problems;

/// <summary>
/// Every sub-network of a small space of the shipped super-network, evaluated once: a search over real outcomes whose true front is known.
/// </summary>
/// <remarks>
/// The table is <c>small-world.csv</c> beside this file, written by <c>efficiency table</c> of the benchmarks: per sub-network its genome,
/// the right answers of <see cref="Questions"/> in each of two tasks, and its parameters.
/// </remarks>
public sealed class SmallWorldTable
{
    /// <summary>Questions asked of each task: the first fifth of its 2,400.</summary>
    public const int Questions = 480;

    private readonly Dictionary<Genome, (double Accuracy, double Parameters)> _rows;

    private SmallWorldTable(Dictionary<Genome, (double Accuracy, double Parameters)> rows) => _rows = rows;

    /// <summary>The network's shape, as its config.json has it.</summary>
    public static LlamaConfiguration Configuration { get; } = new()
    {
        VocabularySize = 512,
        HiddenSize = 192,
        HeadSize = 32,
        QueryHeadsPerKvHead = 2,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(3, 512), 8)],
        MaximumPositions = 128,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbeddings = true,
    };

    /// <summary>2 to 8 layers of 64 or 512 MLP channels, and of 192 too in the first two: 9 (1 + 2 + ... + 64) = 1,143 sub-networks.</summary>
    public static LlamaSpace Space { get; } = new(Configuration, new LlamaSpaceOptions
    {
        Depths = [2, 3, 4, 5, 6, 7, 8],
        MlpWidths = [.. Enumerable.Range(0, 8).Select(layer => layer < 2 ? ImmutableArray.Create(64, 192, 512) : [64, 512])],
    });

    /// <summary>The share of both tasks' questions that are answered right, and the size.</summary>
    public static ImmutableArray<Objective> Objectives { get; } =
    [
        new("accuracy", ObjectiveDirection.Maximise, ObjectiveKind.Scored),
        new("parameters", ObjectiveDirection.Minimise, ObjectiveKind.Analytic),
    ];

    /// <summary>Where the table is kept.</summary>
    public static string Path { get; } =
        System.IO.Path.Combine(SharedData.RepositoryRoot, "tests", "NasCluster.Testing", "Problems", "small-world.csv");

    /// <summary>Every canonical genome.</summary>
    public IReadOnlyCollection<Genome> Genomes => _rows.Keys;

    /// <summary>Reads the table.</summary>
    /// <exception cref="InvalidDataException">A row is not of the space, or there is not one row for each of its genomes.</exception>
    public static SmallWorldTable Read()
    {
        var rows = new Dictionary<Genome, (double, double)>();
        foreach (var line in File.ReadLines(Path).Skip(1))
        {
            var fields = line.Split(',');
            var genome = new Genome([.. fields[0].Split('-').Select(gene => int.Parse(gene, CultureInfo.InvariantCulture))]);
            var (copying, ordering, parameters) = (Number(fields[1]), Number(fields[2]), Number(fields[3]));
            if (!Space.Canonicalise(genome).Equals(genome) || !rows.TryAdd(genome, ((copying + ordering) / (2.0 * Questions), parameters)))
            {
                throw new InvalidDataException($"{Path}: {genome} is not canonical, or there twice.");
            }
        }

        return rows.Count == Space.DistinctCount
            ? new SmallWorldTable(rows)
            : throw new InvalidDataException($"{Path} has {rows.Count} rows; the space has {Space.DistinctCount} sub-networks.");

        static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
    }

    /// <summary>The objectives of a canonical genome, in their order; the accuracy has its binomial standard error.</summary>
    public EvaluationOutcome Outcome(Genome genome)
    {
        var (accuracy, parameters) = _rows[genome];
        var error = Math.Sqrt(accuracy * (1 - accuracy) / (2 * Questions));
        return EvaluationOutcome.Success([new ObjectiveValue(accuracy, error), new ObjectiveValue(parameters, 0)]);
    }
}
