using System.Collections.Immutable;

namespace NasCluster.Core.Control;

/// <summary>Outcomes on their way to storage: numbers them, groups them, and has one write in flight at most.</summary>
/// <remarks>What arrives while a write is in flight goes into the next one. A failed write is repeated unchanged, because it may have
/// been applied all the same; nothing else is written before it is known to be durable.</remarks>
internal sealed class WriteQueue(long nextSequence)
{
    private readonly ImmutableArray<OutcomeRecord>.Builder _waiting = ImmutableArray.CreateBuilder<OutcomeRecord>();
    private SaveEffect? _current;
    private TimeSpan? _retryAt;
    private long _nextWrite = 1;

    /// <summary>The place in the log of the next outcome.</summary>
    public long NextSequence { get; private set; } = nextSequence;

    /// <summary>Whether no write is in flight or waiting to be repeated.</summary>
    public bool IsIdle => _current is null;

    /// <summary>Whether outcomes wait for the next write.</summary>
    public bool HasOutcomes => _waiting.Count > 0;

    /// <summary>Queues an outcome; its <see cref="OutcomeRecord.Sequence"/> must be <see cref="NextSequence"/>.</summary>
    public void Add(OutcomeRecord outcome)
    {
        _waiting.Add(outcome);
        NextSequence++;
    }

    /// <summary>Begins the next write while none is in flight.</summary>
    public SaveEffect Begin(ImmutableArray<StartRecord> starts, ControllerSnapshot? snapshot)
    {
        _current = new SaveEffect(_nextWrite++, starts, _waiting.DrainToImmutable(), snapshot);
        return _current;
    }

    /// <summary>Takes note that a write is durable.</summary>
    /// <returns>The write; null if it is not the current one: an answer that came twice.</returns>
    public SaveEffect? Complete(long write)
    {
        if (_current?.Write != write)
        {
            return null;
        }

        var completed = _current;
        _current = null;
        _retryAt = null;
        return completed;
    }

    /// <summary>Takes note that a write failed, to be repeated at a time; the first of repeated answers counts.</summary>
    public void Fail(long write, TimeSpan retryAt)
    {
        if (_current?.Write == write)
        {
            _retryAt ??= retryAt;
        }
    }

    /// <summary>The failed write, if it is time to repeat it; else null.</summary>
    public SaveEffect? Retry(TimeSpan now)
    {
        if (_retryAt is not { } at || now < at)
        {
            return null;
        }

        _retryAt = null;
        return _current;
    }
}
