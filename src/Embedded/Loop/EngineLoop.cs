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
    private static readonly Exception Killed = new InvalidOperationException("a seed says that the engine dies here");
    private static readonly TimeSpan VirtualGlance = TimeSpan.FromMilliseconds(100);
    private readonly Channel<Action<Turn>> _inputs = Channel.CreateUnbounded<Action<Turn>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<Batch> _batches = Channel.CreateUnbounded<Batch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly EngineState _state;
    private readonly EngineStore _store;
    private readonly EngineClock _clock;
    private readonly Ids _ids;
    private readonly ILogger _log;
    private readonly Wakeups _wakeups;
    private readonly Retention _retention;
    private readonly Timer _ticker;
    private readonly Stillness? _stillness;
    private readonly CancellationTokenSource _died = new();
    private Task _loop = Task.CompletedTask;
    private Task _writer = Task.CompletedTask;
    private long _batch;
    private int _ticking;

    public EngineLoop(EngineState state, EngineStore store, EngineClock clock, Ids ids, ILogger log)
    {
        _state = state;
        _wakeups = state.Wakeups;
        _store = store;
        _retention = new Retention(store);
        _clock = clock;
        _ids = ids;
        _log = log;
        _ticker = new Timer(_ => Tick());
        if (clock.Virtual is { } time)
        {
            _stillness = new Stillness(state, clock, time);

            // Virtual time is looked at now and then even when nothing comes in: for workers that stay silent.
            _ticker.Change(VirtualGlance, VirtualGlance);
        }
    }

    /// <summary>Why the engine stopped; null while it works.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Cancelled when the engine dies because a seed says so.</summary>
    public CancellationToken Died => _died.Token;

    /// <summary>The number of the last batch.</summary>
    public long LastBatch => Volatile.Read(ref _batch);

    public EngineStore Store => _store;

    public EngineClock Clock => _clock;

    /// <summary>Begins with what the store knew.</summary>
    public void Start()
    {
        _loop = Task.Run(RunAsync);
        _writer = Task.Run(WriteAsync);
        Post(turn => Recovery.Resume(turn));
    }

    /// <summary>Hands an input to the loop; false when the engine has stopped.</summary>
    public bool Post(Action<Turn> input) => _inputs.Writer.TryWrite(input);

    /// <summary>What a caller hears when the engine has stopped.</summary>
    public RpcException Stopped() => new(new Status(StatusCode.Unavailable, "the engine has stopped" + (Failure is { } why ? ": " + why.Message : ""), Failure));

    /// <summary>Hands in an input and waits for its answer, which comes when it is on disk.</summary>
    public async Task<T> AskAsync<T>(Action<Turn, Reply<T>> input)
    {
        var reply = new Reply<T>();
        if (!_inputs.Writer.TryWrite(turn => Guard(turn, reply, input)))
        {
            throw Stopped();
        }

        if (!_state.Faults.IsSeeded)
        {
            return await reply.Task.ConfigureAwait(false);
        }

        try
        {
            return await reply.Task.WaitAsync(_died.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Stopped();
        }
    }

    /// <summary>Runs an input whose refusal is an answer.</summary>
    public static void Guard<T>(Turn turn, Reply<T> reply, Action<Turn, Reply<T>> input)
    {
        long before = turn.Batch.Marks;
        try
        {
            input(turn, reply);
        }
        catch (RpcException refused)
        {
            turn.Refuse(reply, refused);
        }
#pragma warning disable CA1031 // A request that breaks before it changed anything harms only itself; one that breaks in the middle stops the engine.
        catch (Exception e) when (turn.Batch.Marks == before)
#pragma warning restore CA1031
        {
            turn.Refuse(reply, new RpcException(new Status(StatusCode.Internal, $"the engine could not read the request: {e.Message}", e)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _inputs.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _batches.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
        await _ticker.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
    }

    private async Task RunAsync()
    {
        var reader = _inputs.Reader;
        try
        {
            while (await reader.WaitToReadAsync().ConfigureAwait(false))
            {
                var batch = new Batch(++_batch);
                for (int i = 0; i < LargestBatch && reader.TryRead(out var input); i++)
                {
                    Step(batch, input);
                }

                do
                {
                    Plan(batch);
                }
                while (_state.Faults.Death is null && (FireDue(batch) || (_stillness is not null && !reader.TryPeek(out _) && _stillness.Move(input => Change(batch, input)))));

                Plan(batch);
                bool more = _retention.Sweep(new Turn(_state, _clock.Now, _ids, batch));
                batch.Seal();
                batch.Death = _state.Faults.Death;
                if (!batch.IsEmpty)
                {
                    _batches.Writer.TryWrite(batch);
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

                Arm();
            }
        }
#pragma warning disable CA1031 // Whatever went wrong, the state can no longer be trusted: the engine stops, and what is on disk stays true.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Stop(e);
        }
    }

    private void Step(Batch batch, Action<Turn> input)
    {
        var turn = new Turn(_state, _clock.Now, _ids, batch);
        input(turn);
        turn.Settle();
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
            _wakeups.Set(run);
        }
    }

    /// <summary>Does everything that is due; true when there was something.</summary>
    private bool FireDue(Batch batch)
    {
        bool any = false;
        var now = _clock.Now;
        while (_wakeups.TakeDue(now) is { } due)
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

    private void Arm()
    {
        if (_wakeups.NextThatHolds() is { } next && _clock.Virtual is null)
        {
            var wait = next - _clock.Now;
            _ticker.Change(wait <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) == 0)
        {
            Post(_ => Volatile.Write(ref _ticking, 0));
        }
    }

    private async Task WriteAsync()
    {
        var reader = _batches.Reader;
        var group = new List<Batch>();
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            group.Clear();
            while (group.Count < LargestBatch && reader.TryRead(out var batch))
            {
                group.Add(batch);
            }

            try
            {
                if (Failure is null)
                {
                    _store.Write(group[^1].Death == false ? group[..^1] : group);
                }
            }
#pragma warning disable CA1031 // A batch that is not on disk must not be answered, and nothing after it may be: the engine stops.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Stop(e);
            }

            var dying = group[^1].Death is null ? null : group[^1];
            foreach (var (reply, batch) in group.SelectMany(b => b.Replies.Select(r => (r, b))))
            {
                if ((Failure ?? (batch == dying ? Killed : null)) is { } failed)
                {
                    reply.Abandon(failed);
                }

                reply.Release();
            }

            if (dying is not null)
            {
                Failure ??= Killed;
                await _died.CancelAsync().ConfigureAwait(false);
                return;
            }

            long last = group[^1].Number;
            Post(turn => turn.State.Runs.Trim(last));
        }
    }

    private void Stop(Exception e)
    {
        Failure ??= e;
        _log.LogCritical(e, "The embedded engine has stopped; what was answered is on disk");
        _inputs.Writer.TryComplete();
        _batches.Writer.TryComplete();
    }
}
