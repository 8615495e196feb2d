using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>Training with TorchSharp: a step's gradients summed and then applied, or fused with the way back.</summary>
/// <remarks>
/// A fused step goes back twice, as LOMO does to clip: all sub-networks and batches of the step together, first for the length of the gradient,
/// then to change each layer's weights as soon as their gradients are complete. It has so the very gradient of a step that is not fused, and
/// holds of it, besides one layer, the embedding's and the head's.
/// </remarks>
/// <param name="network">Disposed of with this.</param>
/// <param name="teacher">A fixed network to learn from; likewise. Null for none.</param>
/// <param name="training">How to compute.</param>
/// <param name="options">How it is trained.</param>
internal sealed class TorchTrainingEngine(
    TorchTrainableNetwork network, TorchTrainableNetwork? teacher, TorchTrainingOptions training, TrainingRunOptions options) : ITrainingEngine
{
    private readonly TorchGradients _gradients = new(network.Parameters);
    private readonly TorchOptimiser _optimiser = TorchOptimiser.Create(training.Optimiser, network.Parameters, options);
    private readonly List<TorchPass> _passes = [];

    public LlamaConfiguration Configuration => network.Configuration;

    public long Steps => _optimiser.Steps;

    public ParameterSet Weights
    {
        get
        {
            var weights = ParameterSet.Zero(Configuration);
            foreach (var (source, target) in network.Parameters.Tensors.Zip(weights.Tensors))
            {
                Values(source).CopyTo(target.Values, 0);
            }

            return weights;
        }
    }

    public double Loss(Architecture architecture, IReadOnlyList<ScoringRequest> sequences)
    {
        network.Check(architecture, sequences);
        var sum = 0.0;
        foreach (var portion in TorchBatch.Portions(sequences, options.BatchTokens))
        {
            using var batch = new TorchBatch(portion, network.Device);
            sum += network.Loss(architecture, batch);
        }

        return sum / sequences.Sum(s => s.ScoredCount);
    }

    public StepGradient Gradient(IReadOnlyList<StepBatch> batches)
    {
        Release();
        var loss = 0.0;
        foreach (var batch in batches)
        {
            foreach (var own in batch.Losses)
            {
                network.Check(own.Architecture, batch.Sequences);
            }

            var scored = batch.Sequences.Sum(s => s.ScoredCount);
            foreach (var portion in TorchBatch.Portions(batch.Sequences, options.BatchTokens))
            {
                loss += batch.Share * Losses(batch, new TorchBatch(portion, network.Device), scored) / scored;
            }
        }

        var squares = 0.0;
        if (training.IsFused)
        {
            network.Back(_passes, _gradients, layer =>
            {
                squares += Squares(network.Parameters.Of(layer));
                Array.ForEach(network.Parameters.Of(layer), _gradients.Drop);
            });
            TorchTrainableNetwork.End(_passes, _gradients);
        }

        return new StepGradient(loss, Math.Sqrt(squares + Squares(Enumerable.Range(0, network.Parameters.Tensors.Length))));
    }

    public void Update(double learningRate, float gradientScale)
    {
        _optimiser.Begin(learningRate, gradientScale);
        if (training.IsFused)
        {
            _passes.ForEach(p => p.Begin(null));
            network.Back(_passes, _gradients, layer => Array.ForEach(network.Parameters.Of(layer), Update));
            Array.ForEach(network.Parameters.Outside, Update);
        }
        else
        {
            Array.ForEach([.. Enumerable.Range(0, network.Parameters.Tensors.Length)], Update);
        }

        Release();

        void Update(int number)
        {
            _optimiser.Update(number, _gradients[number]);
            _gradients.Drop(number);
        }
    }

    public TrainingState State(TrainingProgress progress) => new(
        Weights,
        _optimiser.Averages.Select(a => new InMemoryTensor(a.Key, a.Value.shape is [var rows, _] ? (int)rows : 1, (int)a.Value.shape[^1], Values(a.Value))),
        progress);

    public void Restore(TrainingState state)
    {
        using var none = no_grad();
        foreach (var (source, target) in state.Weights.Tensors.Zip(network.Parameters.Tensors))
        {
            Set(target, source.Values);
        }

        foreach (var (name, average) in _optimiser.Averages)
        {
            Set(average, state.Average(name, average.shape is [var rows, _] ? (int)rows : 1, (int)average.shape[^1]).Values);
        }

        _optimiser.ResumeAt(state.Progress.Step);

        static void Set(Tensor target, float[] values)
        {
            using var scope = NewDisposeScope();
            target.copy_(tensor(values).view(target.shape));
        }
    }

    public void Dispose()
    {
        Release();
        _gradients.Dispose();
        _optimiser.Dispose();
        network.Dispose();
        teacher?.Dispose();
    }

    // The sum of the cross-entropies of a portion's scored tokens under all sub-networks.
    private double Losses(StepBatch batch, TorchBatch portion, int scored)
    {
        using var taught = batch.UsesTeacher ? teacher!.Distributions(portion) : null;
        using var largest = batch.Largest is null ? null : network.Distributions(portion);
        if (taught is not null)
        {
            teacher!.Loss(teacher.Configuration.FullArchitecture, portion, taught);
        }

        if (largest is not null && !batch.LargestIsTrained)
        {
            network.Loss(batch.Largest!, portion, largest);
        }

        var loss = 0.0;
        var kept = training.IsFused || training.Recompute ? Kept.Inputs : Kept.Everything;
        for (var i = 0; i < batch.Losses.Length; i++)
        {
            var own = batch.Losses[i];
            var recorded = i == 0 && batch.LargestIsTrained ? largest : null;
            using var mixture = own.Target == SoftTarget.Mixture ? Mixture(largest!, taught!, batch.TeacherShare) : null;
            var target = own.Target switch
            {
                SoftTarget.None => null,
                SoftTarget.Teacher => taught,
                SoftTarget.Largest => largest,
                _ => mixture,
            };
            var pass = network.Forward(own.Architecture, portion, kept);
            _passes.Add(pass);
            loss += network.Head.LossAndGradients(pass, recorded, own.Weight / scored, target, own.SoftShare, _gradients);
            if (!training.IsFused)
            {
                network.Back(_passes, _gradients);
                TorchTrainableNetwork.End(_passes, _gradients);
                pass.Dispose();
                _passes.Clear();
            }
        }

        if (!training.IsFused)
        {
            portion.Dispose();
        }

        return loss;
    }

    private double Squares(IEnumerable<int> numbers)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return numbers.Sum(n => _gradients[n] is { } sum ? Math.Pow(sum.norm().item<float>(), 2) : 0);
    }

    private void Release()
    {
        _gradients.Clear();
        foreach (var pass in _passes)
        {
            pass.Dispose();
            pass.Batch.Dispose();
        }

        _passes.Clear();
    }

    private static Tensor Mixture(Tensor one, Tensor other, float share)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return (one * (1 - share)).add_(other, share).MoveToOuterDisposeScope();
    }

    private static float[] Values(Tensor source)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return source.detach().to(float32).cpu().data<float>().ToArray();
    }
}
