using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Storage;
using NasCluster.Evaluation.Measurements;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Pipeline.Prepared;
using NasCluster.Silo.Evaluation;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>Searches carried out in this process, one trial after another: what a search must come to whatever happens to the cluster.</summary>
internal sealed class UndisturbedRun : IDisposable
{
    private const int BatchSize = 8;

    private readonly LlamaCheckpoint _checkpoint;
    private readonly CpuSuperNetwork _network;
    private readonly DeviceGate _gate = new();

    public UndisturbedRun(string model)
    {
        _checkpoint = LlamaCheckpoints.Open(model);
        _network = new CpuSuperNetwork(_checkpoint);
    }

    /// <summary>Every trial with its outcome, by number.</summary>
    public async Task<SortedDictionary<long, (Trial Trial, EvaluationOutcome Outcome)>> RunAsync(string prepared, IContentStore contents, CancellationToken cancellation)
    {
        var job = PreparedRun.FromJson(prepared, StoredSpecification.Read).Search;
        var file = new MemoryStream();
        await using (var content = await contents.OpenAsync(job.Search.Content, cancellation))
        {
            await content.CopyToAsync(file, cancellation);
        }

        file.Position = 0;
        using var evaluator = job.OpenEvaluator(_network, file, _gate, SearchPart.Search);
        var search = job.Plan.CreateSearch(null);
        var told = new SortedDictionary<long, (Trial, EvaluationOutcome)>();
        while (!search.IsFinished)
        {
            var trials = search.Ask(BatchSize);
            var outcomes = TrialBatch.Evaluate(evaluator, job.Plan.Space, trials, null, cancellation);
            for (var i = 0; i < trials.Count; i++)
            {
                search.Tell(trials[i].Id, outcomes[i]);
                told.Add(trials[i].Id.Value, (trials[i], outcomes[i]));
            }

            cancellation.ThrowIfCancellationRequested();
        }

        return told;
    }

    public void Dispose()
    {
        _network.Dispose();
        _checkpoint.Dispose();
    }
}
