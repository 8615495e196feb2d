using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>A small deterministic evolutionary search whose every generation depends on every outcome of the one before.</summary>
/// <remarks>The space is so small that genomes repeat. The state is a function of seed and outcomes, not of the order of tells.</remarks>
internal sealed class GenerationalSearch : ISearch
{
    private const int GeneCount = 4;
    private const int Options = 4;

    private readonly int _seed;
    private readonly int _generationSize;
    private readonly int _budget;
    private readonly List<Genome> _genomes = [];
    private readonly SortedDictionary<long, EvaluationOutcome> _told = [];
    private int _asked;

    public GenerationalSearch(int seed, int generationSize, int budget)
    {
        _seed = seed;
        _generationSize = generationSize;
        _budget = budget;
        CreateGeneration();
    }

    public bool IsFinished => _told.Count == _budget;

    public int Available => Enumerable.Range(_asked, _genomes.Count - _asked).Count(trial => !_told.ContainsKey(trial));

    public int UntilBarrier => Available;

    public int? Generation => (_genomes.Count - 1) / _generationSize;

    public int ToldCount => _told.Count;

    public static GenerationalSearch Restore(SearchSnapshot snapshot)
    {
        using var reader = new BinaryReader(new MemoryStream([.. snapshot.Bytes]));
        var search = new GenerationalSearch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        search._genomes.Clear();
        var genomes = reader.ReadInt32();
        for (var i = 0; i < genomes; i++)
        {
            search._genomes.Add(new Genome([.. Enumerable.Range(0, GeneCount).Select(_ => reader.ReadInt32())]));
        }

        var told = reader.ReadInt32();
        for (var i = 0; i < told; i++)
        {
            var id = reader.ReadInt64();
            search._told.Add(id, reader.ReadBoolean()
                ? EvaluationOutcome.Success([new ObjectiveValue(reader.ReadDouble(), 0), new ObjectiveValue(reader.ReadDouble(), 0)])
                : EvaluationOutcome.Failed(reader.ReadString()));
        }

        return search;
    }

    public IReadOnlyList<Trial> Ask(int count)
    {
        var trials = new List<Trial>();
        for (; trials.Count < count && _asked < _genomes.Count; _asked++)
        {
            if (!_told.ContainsKey(_asked))
            {
                trials.Add(new Trial(new TrialId(_asked), _genomes[_asked]));
            }
        }

        return trials;
    }

    public void Tell(TrialId id, EvaluationOutcome outcome)
    {
        if (id.Value < 0 || id.Value >= _genomes.Count)
        {
            throw new ArgumentException($"Trial {id} was never created.");
        }

        if (_told.TryAdd(id.Value, outcome) && _told.Count == _genomes.Count && _told.Count < _budget)
        {
            CreateGeneration();
        }
    }

    public SearchSnapshot Snapshot()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(_seed);
        writer.Write(_generationSize);
        writer.Write(_budget);
        writer.Write(_genomes.Count);
        foreach (var gene in _genomes.SelectMany(genome => genome.Genes))
        {
            writer.Write(gene);
        }

        writer.Write(_told.Count);
        foreach (var (id, outcome) in _told)
        {
            writer.Write(id);
            writer.Write(outcome.IsSuccess);
            if (outcome.IsSuccess)
            {
                writer.Write(outcome.Values[0].Value);
                writer.Write(outcome.Values[1].Value);
            }
            else
            {
                writer.Write(outcome.Failure!);
            }
        }

        return new SearchSnapshot("generational", 1, [.. stream.ToArray()]);
    }

    /// <summary>Children of tournament winners of the last generation; what is drawn depends on every outcome's bits.</summary>
    private void CreateGeneration()
    {
        var first = _genomes.Count;
        var mixed = new Mix((ulong)_seed);
        foreach (var outcome in _told.Values)
        {
            mixed.Add(outcome.IsSuccess ? BitConverter.DoubleToUInt64Bits(outcome.Values[0].Value) : (ulong)outcome.Failure!.Length);
        }

        Genome Parent()
        {
            var one = first - 1 - mixed.Next(_generationSize);
            var other = first - 1 - mixed.Next(_generationSize);
            return _genomes[Cost(one) <= Cost(other) ? one : other];
        }

        for (var i = 0; i < _generationSize && _genomes.Count < _budget; i++)
        {
            var mother = first == 0 ? null : Parent();
            var father = first == 0 ? null : Parent();
            _genomes.Add(new Genome([.. Enumerable.Range(0, GeneCount).Select(gene => mother is null || mixed.Next(4) == 0
                ? mixed.Next(Options)
                : (mixed.Next(2) == 0 ? mother : father!).Genes[gene])]));
        }
    }

    private double Cost(int trial) => _told[trial] is { IsSuccess: true } outcome ? outcome.Values[0].Value : double.PositiveInfinity;
}
