using VirtEngine.DR.Signing.Tests.Support;

namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>A piece of work of some process, which dies with it.</summary>
internal sealed class Work
{
    private readonly Action _cancel;

    /// <param name="name">For the trace.</param>
    /// <param name="machine">The machine on which it runs.</param>
    public Work(string name, string machine)
    {
        // Its source has no timer and no handle: there is nothing to dispose of.
        var end = new CancellationTokenSource();
        (Name, Machine, _cancel, Token) = (name, machine, end.Cancel, end.Token);
    }

    public string Name { get; }

    public string Machine { get; }

    public bool Killed { get; private set; }

    public CancellationToken Token { get; }

    public Task Task { get; set; } = Task.CompletedTask;

    public bool Done => Task.IsCompleted;

    /// <summary>Nothing of it happens any more.</summary>
    public void Kill()
    {
        Killed = true;
        _cancel();
    }
}

/// <summary>
/// Everything that is under way between processes, buckets and RPCs. Nothing is answered before the hunt delivers it, and what an answer sets off runs at once on the
/// hunt's own thread: one seed is one order of events.
/// </summary>
internal sealed class Wire
{
    private readonly List<Request> _open = [];
    private readonly List<Action> _late = [];

    public int Open => _open.Count;

    public int Late => _late.Count;

    /// <summary>Waits for the hunt to deliver it.</summary>
    public Task<T> AskAsync<T>(Work work, Func<T> answer, Action? land = null)
    {
        if (work.Killed)
        {
            throw new KilledException();
        }

        var request = new Request<T>(work, answer, land);
        _open.Add(request);
        return request.Answer;
    }

    public void Deliver(int index)
    {
        var request = _open[index];
        _open.RemoveAt(index);
        request.Deliver();
    }

    /// <summary>It has left its sender, and arrives some time.</summary>
    public void Delay(Action landing) => _late.Add(landing);

    public void Land(int index)
    {
        var landing = _late[index];
        _late.RemoveAt(index);
        landing();
    }

    /// <summary>Ends a piece of work; what it had sent may arrive all the same.</summary>
    public void Kill(Work work, Func<bool> arrives)
    {
        if (work.Done || work.Killed)
        {
            return;
        }

        var mine = _open.Where(request => request.Work == work).ToList();
        _open.RemoveAll(mine.Contains);
        work.Kill();
        foreach (var request in mine)
        {
            if (request.Land is { } land && arrives())
            {
                Delay(land);
            }

            request.Fail();
        }
    }

    private abstract class Request(Work work, Action? land)
    {
        public Work Work => work;

        public Action? Land => land;

        public abstract void Deliver();

        public abstract void Fail();
    }

    private sealed class Request<T>(Work work, Func<T> answer, Action? land) : Request(work, land)
    {
        // Continuations run inline: the hunt goes on when everything that the answer set off has come to rest.
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Answer => _source.Task;

        public override void Deliver()
        {
            T found;
            try
            {
                found = answer();
            }
            catch (OperationCanceledException late)
            {
                _source.SetException(late);
                return;
            }

            _source.SetResult(found);
        }

        public override void Fail() => _source.TrySetException(new KilledException());
    }
}
