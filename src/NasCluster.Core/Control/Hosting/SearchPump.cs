using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace NasCluster.Core.Control.Hosting;

/// <summary>Runs a <see cref="SearchController"/> for a host with a scheduler of its own, such as a grain.</summary>
/// <remarks>
/// <para>
/// Events come from anywhere, by <see cref="Post"/>. They are handled in the order they came, a batch at a time, on the thread pool, because
/// asking and telling a search may be slow and must not hold up the host's scheduler. The effects of a batch are then carried out in order
/// where <see cref="RunAsync"/> was called, and only after that the next batch is handled. So the controller is never used by two threads,
/// and neither is the <see cref="ISearchHost"/> if the caller's scheduler runs one thing at a time.
/// </para>
/// <para>A failure of controller or host ends the run, and every wait for an answer with it; nothing more is carried out.</para>
/// </remarks>
/// <param name="controller">From here on for the pump alone; ask it by <see cref="ReadAsync"/>.</param>
/// <param name="host">Carries out the effects.</param>
public sealed class SearchPump(SearchController controller, ISearchHost host)
{
    /// <summary>The most events of one batch: what a slow search does in between, the host sees no later than after so many.</summary>
    private const int BatchSize = 256;

    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private int _isRunning;

    /// <summary>Queues an event; after the end of the run it is dropped.</summary>
    public void Post(ControllerEvent controllerEvent)
    {
        ArgumentNullException.ThrowIfNull(controllerEvent);
        _items.Writer.TryWrite(new Item([controllerEvent], null));
    }

    /// <summary>Queues events that happened together, to be handled together: outcomes reported in one message are written in one write.</summary>
    public void PostTogether(ImmutableArray<ControllerEvent> controllerEvents) => _items.Writer.TryWrite(new Item(controllerEvents, null));

    /// <summary>Reads something of the controller after all events posted so far, and before any posted later.</summary>
    /// <param name="read">Reads and changes nothing. Its failure is the caller's alone.</param>
    /// <exception cref="InvalidOperationException">The run is over, or ends before the answer; the inner exception says what ended it.</exception>
    public Task<T> ReadAsync<T>(Func<SearchController, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var reading = new Reading<T>(read);
        if (!_items.Writer.TryWrite(new Item([], reading)))
        {
            reading.Abandon(null);
        }

        return reading.Answer;
    }

    /// <summary>Handles events until the search is over; may be called once.</summary>
    /// <param name="stop">Ends the run between two batches, as if the process had died there: nothing that was durable is lost.</param>
    /// <returns>Why the controller finished.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InvalidOperationException">It runs or ran already.</exception>
    public async Task<FinishReason> RunAsync(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            throw new InvalidOperationException("A pump runs once.");
        }

        try
        {
            while (true)
            {
                await _items.Reader.WaitToReadAsync(stop);
                var effects = await Task.Run(HandleBatch, CancellationToken.None);
                foreach (var effect in effects)
                {
                    CarryOut(effect);
                    if (effect is FinishEffect finish)
                    {
                        End(null);
                        return finish.Reason;
                    }
                }

                stop.ThrowIfCancellationRequested();
            }
        }
        catch (Exception failure)
        {
            End(failure);
            throw;
        }
    }

    private List<ControllerEffect> HandleBatch()
    {
        var effects = new List<ControllerEffect>();
        var events = new List<ControllerEvent>();
        for (var i = 0; i < BatchSize && _items.Reader.TryRead(out var item); i++)
        {
            if (item.Reading is null)
            {
                events.AddRange(item.Events);
                continue;
            }

            try
            {
                effects.AddRange(controller.Handle(CollectionsMarshal.AsSpan(events)));
            }
            catch (Exception failure)
            {
                item.Reading.Abandon(failure); // It is out of the queue already: nobody else would answer it.
                throw;
            }

            events.Clear();
            item.Reading.Read(controller);
        }

        effects.AddRange(controller.Handle(CollectionsMarshal.AsSpan(events)));
        return effects;
    }

    private void CarryOut(ControllerEffect effect)
    {
        switch (effect)
        {
            case SaveEffect save:
                host.Save(save);
                break;
            case DispatchEffect dispatch:
                host.Dispatch(dispatch);
                break;
            case RevokeEffect revoke:
                host.Revoke(revoke);
                break;
            case LookUpEffect lookUp:
                host.LookUp(lookUp);
                break;
            case PublishEffect publish:
                host.Publish(publish);
                break;
            case NoticeEffect notice:
                host.Notice(notice);
                break;
            case EvaluatorFreedEffect freed:
                host.EvaluatorFreed(freed);
                break;
            case FinishEffect finish:
                host.Finish(finish);
                break;
            default:
                throw new InvalidOperationException($"The controller asks for {effect.GetType().Name}, which the pump does not know.");
        }
    }

    private void End(Exception? failure)
    {
        _items.Writer.TryComplete();
        while (_items.Reader.TryRead(out var item))
        {
            item.Reading?.Abandon(failure);
        }
    }

    private readonly record struct Item(ImmutableArray<ControllerEvent> Events, Reading? Reading);

    private abstract class Reading
    {
        public abstract void Read(SearchController controller);

        public abstract void Abandon(Exception? failure);
    }

    private sealed class Reading<T>(Func<SearchController, T> read) : Reading
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override void Read(SearchController controller)
        {
            try
            {
                _answer.SetResult(read(controller));
            }
            catch (Exception failure)
            {
                _answer.SetException(failure);
            }
        }

        public override void Abandon(Exception? failure) =>
            _answer.SetException(new InvalidOperationException("The search's run is over.", failure));
    }
}
