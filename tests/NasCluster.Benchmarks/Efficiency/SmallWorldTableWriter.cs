using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Evaluation;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;
using NasCluster.Testing.Problems;

namespace NasCluster.Benchmarks.Efficiency;

/// <summary>Evaluates every sub-network of <see cref="SmallWorldTable.Space"/> and writes the table.</summary>
internal static class SmallWorldTableWriter
{
    private const int Batch = 32;

    /// <summary>Writes the table; minutes.</summary>
    public static int Run()
    {
        var model = Path.Combine(SharedData.RepositoryRoot, "src", "NasCluster.Local", "Models", "small-world");
        using var checkpoint = LlamaCheckpoints.Open(model);
        if (checkpoint.Configuration.ToJson() != SmallWorldTable.Configuration.ToJson())
        {
            Console.Error.WriteLine($"efficiency: {model} is {checkpoint.Configuration.ToJson()}; the table is of {SmallWorldTable.Configuration.ToJson()}.");
            return 1;
        }

        var spec = new SearchSpec
        {
            Model = model,
            Data = new DataSpec
            {
                Tasks = [new("copying", Path.Combine(model, "tasks", "copying.jsonl")), new("ordering", Path.Combine(model, "tasks", "ordering.jsonl"))],
                SearchShare = 0.2,
            },
            Objectives = ["copying", "ordering", "parameters"],
        };
        var tokenizer = TokenizerFiles.Open(model, null, checkpoint.Configuration.VocabularySize);
        var sets = EvaluationData.Load(spec, tokenizer, checkpoint.Configuration).Search;
        using var network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = Environment.ProcessorCount });
        using var evaluator = new SuperNetworkEvaluator(network, EvaluatorOptions.From(spec, checkpoint.Configuration), sets);

        var clock = Stopwatch.StartNew();
        var lines = new List<string> { "genome,copying,ordering,parameters" };
        foreach (var genomes in All().Chunk(Batch))
        {
            Candidate[] candidates = [.. genomes.Select(g => new Candidate(SmallWorldTable.Space.Decode(g)))];
            var outcomes = evaluator.Evaluate(candidates, null, CancellationToken.None);
            lines.AddRange(genomes.Zip(outcomes, Line));
            Console.Error.WriteLine($"{lines.Count - 1} of {SmallWorldTable.Space.DistinctCount} after {clock.Elapsed.TotalSeconds:F0} s");
        }

        File.WriteAllText(SmallWorldTable.Path, string.Join('\n', lines) + "\n");
        return 0;
    }

    /// <summary>Canonical genomes in lexicographic order, so that neighbours share layers.</summary>
    private static IEnumerable<Genome> All()
    {
        var genomes = new List<ImmutableArray<int>> { ImmutableArray<int>.Empty };
        foreach (var cardinality in SmallWorldTable.Space.Cardinalities)
        {
            genomes = [.. genomes.SelectMany(g => Enumerable.Range(0, cardinality).Select(g.Add))];
        }

        return genomes.Select(genes => new Genome(genes)).Where(g => SmallWorldTable.Space.Canonicalise(g).Equals(g));
    }

    private static string Line(Genome genome, EvaluationOutcome outcome)
    {
        if (!outcome.IsSuccess)
        {
            throw new InvalidOperationException($"{genome} {outcome}");
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"{genome},{Right(outcome.Values[0])},{Right(outcome.Values[1])},{(long)outcome.Values[2].Value}");
    }

    private static int Right(ObjectiveValue accuracy) => (int)Math.Round(accuracy.Value * SmallWorldTable.Questions);
}
