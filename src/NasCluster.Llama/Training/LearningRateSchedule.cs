namespace NasCluster.Llama.Training;

/// <summary>A learning rate that rises linearly from 0, then falls along half a cosine (Loshchilov and Hutter, arXiv 1608.03983, Eq. 5).</summary>
/// <param name="Peak">The highest rate.</param>
/// <param name="WarmUpSteps">Steps until then.</param>
/// <param name="Steps">All steps.</param>
/// <param name="FinalShare">The last step's part of the peak, in [0, 1].</param>
public sealed record LearningRateSchedule(double Peak, long WarmUpSteps, long Steps, double FinalShare)
{
    /// <summary>The rate of a step, counted from 0.</summary>
    public double At(long step)
    {
        if (step < WarmUpSteps)
        {
            return Peak * (step + 1) / WarmUpSteps;
        }

        // Rounded to float32, so that no library's cosine makes a difference on another machine.
        var progress = Math.Min(1.0, (step - WarmUpSteps) / (double)Math.Max(1, Steps - 1 - WarmUpSteps));
        return (float)(Peak * (FinalShare + ((1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * progress)))));
    }
}
