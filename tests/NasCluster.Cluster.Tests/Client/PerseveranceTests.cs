using NasCluster.Client.Connection;
using NasCluster.Core;
using NasCluster.Core.Storage;

namespace NasCluster.Cluster.Tests.Client;

public class PerseveranceTests
{
    private readonly HurriedTime _time = new();
    private int _calls;

    [Fact]
    public async Task CallAsync_StorageAndSilosFailForAWhile_AnswersInTheEnd()
    {
        Exception[] failures = [new StateCellConflictException("conflict"), new TimeoutException(), new Orleans.Runtime.SiloUnavailableException()];

        var answer = await new Perseverance(_time, Perseverance.OfCommands).CallAsync(() => _calls < failures.Length ? throw failures[_calls++] : Task.FromResult(7), default);

        Assert.Equal(7, answer);
        Assert.Equal(3, _calls);
    }

    [Fact]
    public async Task CallAsync_Refused_IsNotRepeated()
    {
        await Assert.ThrowsAsync<NasClusterException>(() => new Perseverance(_time, Perseverance.OfCommands).CallAsync(
            () =>
            {
                _calls++;
                throw new NasClusterException("There is a search 'a' already.");
            },
            default));

        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task CallAsync_NobodyAnswers_GivesUpAfterAMinute()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => new Perseverance(_time, Perseverance.OfCommands).CallAsync(
            () =>
            {
                _calls++;
                throw new TimeoutException();
            },
            default));

        Assert.Equal(121, _calls);
    }

    /// <summary>A clock on which whatever is waited for has passed at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
