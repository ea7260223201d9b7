using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded.Loop;

/// <summary>
/// The only owner of the state: takes one input after the other, hands what they leave behind to the writer as batches, and lets time pass. Answers leave when
/// their batch is on disk; meanwhile the loop is already at the next.
/// </summary>
internal sealed class EngineLoop : IAsyncDisposable
{
    private const int LargestBatch = 512;
    private readonly Channel<Action<Turn>> _inputs = Channel.CreateUnbounded<Action<Turn>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly BatchWriter _writer;
    private readonly Func<EngineState> _load;
    private readonly Action<Turn> _begin;
    private readonly Faults _faults;
    private readonly EngineStore _store;
    private readonly EngineClock _clock;
    private readonly Ids _ids;
    private readonly ILogger _log;
    private readonly Retention _retention;
    private readonly Alarm _alarm;
    private readonly CancellationTokenSource _died = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _ending = Task.CompletedTask;
    private EngineState _state;
    private Stillness? _stillness;
    private Task _loop = Task.CompletedTask;
    private long _batch;

    /// <param name="load">Reads the state that is in the file.</param>
    /// <param name="begin">The first step with a state that was read.</param>
    /// <param name="store">The file.</param>
    /// <param name="clock">The time.</param>
    /// <param name="ids">Where ids come from.</param>
    /// <param name="log">Where an operator hears.</param>
    public EngineLoop(Func<EngineState> load, Action<Turn> begin, EngineStore store, EngineClock clock, Ids ids, ILogger log)
    {
        _load = load;
        _begin = begin;
        _state = load();
        _faults = _state.Faults;
        _writer = new BatchWriter(this, store);
        _store = store;
        _retention = new Retention(store);
        _clock = clock;
        _ids = ids;
        _log = log;
        _alarm = new Alarm(this, clock);
        _stillness = clock.Virtual is { } time ? new Stillness(_state, clock, time) : null;
    }

    /// <summary>Why the engine stopped; null while it works.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How often a request broke in the middle and what was not on disk yet was dropped.</summary>
    public int Rollbacks { get; private set; }

    /// <summary>Cancelled when the engine dies because a seed says so.</summary>
    public CancellationToken Died => _died.Token;

    /// <summary>Cancelled when the engine answers nobody any more, for whatever reason.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The number of the last batch.</summary>
    public long LastBatch => Volatile.Read(ref _batch);

    public EngineStore Store => _store;

    public EngineClock Clock => _clock;

    /// <summary>Begins with what the store knew.</summary>
    public void Start()
    {
        _loop = Task.Run(RunAsync);
        _writer.Start();
        Post(_begin);
    }

    /// <summary>Hands an input to the loop; false when the engine has stopped.</summary>
    public bool Post(Action<Turn> input) => _inputs.Writer.TryWrite(input);

    /// <summary>What a caller hears when the engine has stopped.</summary>
    public RpcException Stopped() => new(new Status(StatusCode.Unavailable, "the engine has stopped" + (Failure is { } why ? ": " + why.Message : ""), Failure));

    /// <summary>Hands in an input and waits for its answer, which comes when it is on disk.</summary>
    public async Task<T> AskAsync<T>(Action<Turn, Reply<T>> input)
    {
        var reply = new Reply<T>();
        if (!_inputs.Writer.TryWrite(turn => Guarded.Run(turn, reply, input)))
        {
            throw Stopped();
        }

        try
        {
            return await reply.Task.WaitAsync(_ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Stopped();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _inputs.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        await _alarm.DisposeAsync().ConfigureAwait(false);
        await _ending.ConfigureAwait(false);
        _store.Dispose();
    }

    private async Task RunAsync()
    {
        var reader = _inputs.Reader;
        Batch? batch = null;
        try
        {
            while (await reader.WaitToReadAsync().ConfigureAwait(false))
            {
                batch = new(++_batch);
                if (Take(reader, batch) is { } broken)
                {
                    batch = await RollBackAsync(batch, broken).ConfigureAwait(false);
                    if (batch is null)
                    {
                        return;
                    }
                }

                do
                {
                    Plan(batch);
                }
                while (_faults.Death is null && (FireDue(batch) || (_stillness is not null && !reader.TryPeek(out _) && _stillness.Move(input => Change(batch, input)))));

                Plan(batch);
                bool more = _retention.Sweep(new Turn(_state, _clock.Now, _ids, batch));
                batch.Seal();
                batch.Death = _faults.Death;
                if (!batch.IsEmpty)
                {
                    _writer.Write(batch);
                }

                if (batch.Death is not null)
                {
                    _inputs.Writer.TryComplete();
                    return;
                }

                if (more)
                {
                    Post(_ => { });
                }

                _alarm.Set(_state.Wakeups.NextThatHolds());
            }
        }
#pragma warning disable CA1031 // Whatever went wrong, the state can no longer be trusted: the engine stops, and what is on disk stays true.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Stop(e);
            foreach (var reply in batch?.Replies ?? [])
            {
                reply.Abandon(e);
                reply.Release();
            }
        }
    }

    /// <summary>Takes what has come in; what broke in the middle, if anything did.</summary>
    private Broken? Take(ChannelReader<Action<Turn>> reader, Batch batch)
    {
        for (int i = 0; i < LargestBatch && reader.TryRead(out var input); i++)
        {
            int before = batch.Replies.Count;
            var turn = new Turn(_state, _clock.Now, _ids, batch);
            try
            {
                input(turn);
                turn.Settle();
            }
#pragma warning disable CA1031 // Whatever it was, it is undone. In the laboratory it stops the engine: there it shall be seen.
            catch (Exception e) when (e is not OutOfMemoryException && !_faults.IsSeeded)
#pragma warning restore CA1031
            {
                if (turn.Asked is { } asked)
                {
                    batch.Replies.Add(asked);
                }

                return new Broken(e, before);
            }

            Finish(turn);
        }

        return null;
    }

    /// <summary>
    /// A request broke in the middle: nothing of its batch is on disk and nobody was answered. The state is read from the file again, what waits for a
    /// worker lies on its queue again, and the batch's callers hear that they should ask once more. Null: the engine has stopped.
    /// </summary>
    private async Task<Batch?> RollBackAsync(Batch batch, Broken broken)
    {
        _log.LogError(broken.Cause, "A request broke the engine's step; it and {Count} others that were not on disk yet are dropped, their callers hear it", batch.Replies.Count - 1);
        if (!await _writer.DrainAsync(batch.Number).ConfigureAwait(false))
        {
            Rollback.Refuse(batch, broken, Stopped());
            return null;
        }

        var old = _state;
        _state = _load();
        _stillness = _clock.Virtual is { } time ? new Stillness(_state, _clock, time) : null;
        Rollbacks++;
        Rollback.Refuse(batch, broken, Rollback.AskAgain());
        Rollback.CarryOver(old, _state);
        var next = new Batch(++_batch);
        Step(next, _begin);
        return next;
    }

    private void Step(Batch batch, Action<Turn> input)
    {
        var turn = new Turn(_state, _clock.Now, _ids, batch);
        input(turn);
        turn.Settle();
        Finish(turn);
    }

    private static void Finish(Turn turn)
    {
        Matcher.Match(turn);
        Listeners.Tell(turn);
    }

    private void Change(Batch batch, Action<Turn> input)
    {
        Step(batch, input);
        Plan(batch);
    }

    private void Plan(Batch batch)
    {
        foreach (var run in batch.Touched)
        {
            _state.Wakeups.Set(run);
        }
    }

    /// <summary>Does everything that is due; true when there was something.</summary>
    private bool FireDue(Batch batch)
    {
        bool any = false;
        var now = _clock.Now;
        while (_state.Wakeups.TakeDue(now) is { } due)
        {
            any = true;
            Step(batch, turn =>
            {
                while (due(turn))
                {
                    turn.Settle();
                }
            });
            Plan(batch);
        }

        return any;
    }

    /// <summary>The batches up to this one are on disk.</summary>
    internal void Written(long last) => Post(turn => turn.State.Runs.Trim(last));

    /// <summary>A seed says that the engine dies.</summary>
    internal Task DieAsync(Exception why)
    {
        Failure ??= why;
        _ending = _ended.CancelAsync();
        return _died.CancelAsync();
    }

    /// <summary>Something that cannot be undone went wrong: nothing is answered any more.</summary>
    internal void Stop(Exception e)
    {
        Failure ??= e;
        _log.LogCritical(e, "The embedded engine has stopped; what was answered is on disk");
        _inputs.Writer.TryComplete();
        _writer.Complete();
        _ending = _ended.CancelAsync();
    }
}
