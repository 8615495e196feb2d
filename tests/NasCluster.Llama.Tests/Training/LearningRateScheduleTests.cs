using NasCluster.Llama.Training;

namespace NasCluster.Llama.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void At_WarmUpPeakHalfwayAndEnd_AreOnTheCurve()
    {
        var schedule = new LearningRateSchedule(0.02, 10, 111, 0.1);
        Assert.Equal(0.002, schedule.At(0), 1e-9);
        Assert.Equal(0.02, schedule.At(9), 1e-9);
        Assert.Equal(0.02, schedule.At(10), 1e-9);
        Assert.Equal(0.011, schedule.At(60), 1e-9);
        Assert.Equal(0.002, schedule.At(110), 1e-9);
        Assert.All(Enumerable.Range(10, 100), s => Assert.True(schedule.At(s + 1) < schedule.At(s)));
    }

    [Fact]
    public void At_OneStep_IsThePeak() => Assert.Equal(0.02, new LearningRateSchedule(0.02, 0, 1, 0.1).At(0), 1e-9);
}
