using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>Training on the CPU engine: the same bits whatever the threads.</summary>
internal sealed class CpuTrainingEngine(TrainableNetwork network, TrainableNetwork? teacher, AdamWOptions options, int threads) : ITrainingEngine
{
    private readonly AdamW _optimiser = new(network.Weights, options, threads);
    private readonly ParameterSet _gradients = ParameterSet.Zero(network.Configuration);
    private readonly TokenDistributions _largest = new();
    private readonly TokenDistributions _teachers = new();

    public LlamaConfiguration Configuration => network.Configuration;

    public long Steps => _optimiser.Steps;

    public ParameterSet Weights => network.Weights;

    public double Loss(Architecture architecture, IReadOnlyList<ScoringRequest> sequences) => network.Loss(architecture, sequences);

    public StepGradient Gradient(IReadOnlyList<StepBatch> batches)
    {
        _gradients.Clear();
        var loss = 0.0;
        foreach (var batch in batches)
        {
            loss += batch.Share * AddGradients(batch);
        }

        return new StepGradient(loss, GradientNorm.Of(_gradients, threads));
    }

    public void Update(double learningRate, float gradientScale)
    {
        _optimiser.Step(_gradients, learningRate, gradientScale);
        network.WeightsChanged();
    }

    public TrainingState State(TrainingProgress progress) => new(network.Weights, _optimiser.Averages, progress);

    public void Restore(TrainingState state)
    {
        state.Weights.CopyTo(network.Weights);
        foreach (var average in _optimiser.Averages)
        {
            state.Average(average.Name, average.Rows, average.Columns).Values.CopyTo(average.Values, 0);
        }

        _optimiser.ResumeAt(state.Progress.Step);
        network.WeightsChanged();
    }

    public void Dispose()
    {
        network.Dispose();
        teacher?.Dispose();
        _largest.Dispose();
        _teachers.Dispose();
    }

    // The sum of the sub-networks' losses.
    private double AddGradients(StepBatch batch)
    {
        if (batch.UsesTeacher)
        {
            teacher!.Loss(teacher.Configuration.FullArchitecture, batch.Sequences, _teachers);
        }

        if (batch.Largest is { } largest && !batch.LargestIsTrained)
        {
            network.Loss(largest, batch.Sequences, _largest);
        }

        var loss = 0.0;
        for (var i = 0; i < batch.Losses.Length; i++)
        {
            // From the second on they learn from the mixture, if any does; so does the first that is not the largest.
            if (i == (batch.LargestIsTrained ? 1 : 0) && batch.Losses[i].Target == SoftTarget.Mixture)
            {
                _largest.Mix(_teachers, batch.TeacherShare);
            }

            var own = batch.Losses[i];
            loss += network.LossAndGradients(own.Architecture, batch.Sequences, _gradients, own.Weight, new LossTerms
            {
                Teacher = own.Target switch
                {
                    SoftTarget.None => null,
                    SoftTarget.Teacher => _teachers,
                    _ => _largest,
                },
                SoftShare = own.SoftShare,
                Record = i == 0 && batch.LargestIsTrained ? _largest : null,
            });
        }

        return loss;
    }
}
