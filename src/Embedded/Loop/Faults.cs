using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Loop;

/// <summary>What goes wrong by plan: decided on the loop, by the seed and by what it is about.</summary>
internal sealed class Faults(FaultPlan? plan, VirtualTime? time = null)
{
    private readonly SeedHash _seed = new(plan?.Seed ?? 0);
    private readonly FaultPlan _plan = plan ?? new FaultPlan { Seed = 0 };
    private int _workflowTasks;
    private long _messages;
    private bool _died;

    /// <summary>Whether one thing happens at a time, in an order that the seed chooses.</summary>
    public bool IsSeeded => plan is not null;

    /// <summary>The number of workflow tasks that were given out.</summary>
    public int WorkflowTasks => Volatile.Read(ref _workflowTasks);

    public Ledger Ledger { get; } = new(time);

    /// <summary>The engine shall die with this batch; whether that is on disk by then.</summary>
    public bool? Death { get; set; }

    /// <summary>The engine starts again from its file.</summary>
    public void Restart(long lastBatch)
    {
        Death = null;
        Ledger.Restart(lastBatch);
    }

    /// <summary>The place of something in the order of things that could be next.</summary>
    public ulong Order(string what, long number, int attempt) => _seed.Of("order", what, number, attempt);

    /// <summary>A worker gets a workflow task. The second token, where there is one, is for another worker.</summary>
    public string? OnWorkflowTask(Turn turn, Run run, ByteString token, bool other)
    {
        if (!IsSeeded)
        {
            return null;
        }

        var task = run.State.Task!;
        int number = Interlocked.Increment(ref _workflowTasks);
        bool Is(double share, string kind) => _seed.Happens(share, kind, run.State.RunId, task.StartedEventId, task.Attempt);
        bool lost = Is(_plan.LoseWorkflowTasks, "lose") | _plan.LoseWorkflowTask == number;
        bool twice = other && Is(_plan.DuplicateWorkflowTasks, "twice");
        bool second = twice && Is(0.5, "second");
        string text = token.ToStringUtf8();
        bool forget = Is(_plan.LoseSticky, "sticky");
        Ledger.Add(new Handed(text, false, run.State.RunId, task.Attempt, number, turn.Batch.Number) { Refused = lost || second, ForgetSticky = forget });
        if (!twice)
        {
            return null;
        }

        Ledger.Add(new Handed(text + Copy, false, run.State.RunId, task.Attempt, number, turn.Batch.Number) { Refused = lost || !second, ForgetSticky = forget });
        return text + Copy;
    }

    /// <summary>A worker answers a workflow task.</summary>
    /// <exception cref="RpcException">By plan the answer counts for nothing.</exception>
    public void OnWorkflowAnswer(Turn turn, ByteString token)
    {
        if (!IsSeeded || Ledger.Find(token.ToStringUtf8()) is not { } handed)
        {
            return;
        }

        if (!_died && _plan.RestartAtWorkflowTask == handed.Number)
        {
            _died = true;
            handed.Again = true;
            Death = _seed.Happens(0.5, "death", handed.Token);
        }
        else
        {
            Ledger.Remove(handed.Token);
        }

        if (handed.Refused)
        {
            throw Errors.NotFound("Workflow task not found.");
        }

        if (handed.ForgetSticky && turn.State.Runs.ByRunId(handed.RunId) is { } run)
        {
            run.ForgetSticky = true;
        }
    }

    /// <summary>What becomes of an activity that is given out now.</summary>
    public ActivityFate OnActivity(Turn turn, Run run, ActivityState activity, ByteString token)
    {
        bool Is(double share, string kind) => _seed.Happens(share, kind, run.State.RunId, activity.ScheduledEventId, activity.Attempt);
        if (Is(_plan.TimeOutActivities, "before"))
        {
            return ActivityFate.NeverBegins;
        }

        if (Is(_plan.FailActivities, "fail") && Is(0.5, "fail-before"))
        {
            return ActivityFate.Fails;
        }

        bool lost = Is(_plan.LoseActivities, "lose");
        bool twice = Is(_plan.DuplicateActivities, "twice");
        bool second = twice && Is(0.5, "second");
        string text = token.ToStringUtf8();
        Ledger.Add(new Handed(text, true, run.State.RunId, activity.Attempt, 0, turn.Batch.Number) { Refused = lost || second });
        return twice ? ActivityFate.Twice : ActivityFate.Once;
    }

    /// <summary>The same activity for a worker once more, with a token of its own.</summary>
    public PollActivityTaskQueueResponse OnCopy(Turn turn, PollActivityTaskQueueResponse first)
    {
        var t = TaskToken.Read(first.TaskToken, TaskToken.ActivityTask);
        bool Is(double share, string kind) => _seed.Happens(share, kind, t.RunId, t.ScheduledEventId, t.Attempt);
        var copy = first.Clone();
        copy.TaskToken = ByteString.CopyFromUtf8(first.TaskToken.ToStringUtf8() + Copy);
        Ledger.Add(new Handed(copy.TaskToken.ToStringUtf8(), true, t.RunId, t.Attempt, 0, turn.Batch.Number) { Refused = Is(_plan.LoseActivities, "lose") || !Is(0.5, "second") });
        return copy;
    }

    /// <summary>A worker answers an activity: the answer waits for its turn.</summary>
    public void OnActivityAnswer(Turn turn, ByteString token, Action<Turn> apply, Action<Turn, Failure> fail)
    {
        string text = token.ToStringUtf8();
        if (!IsSeeded || Ledger.Find(text) is not { } handed)
        {
            apply(turn);
            return;
        }

        if (handed.Refused)
        {
            Ledger.Remove(text);
            throw Errors.NotFound("invalid activityID or activity already timed out or invoking workflow is completed");
        }

        var t = TaskToken.Read(token, TaskToken.ActivityTask);
        bool fails = _seed.Happens(_plan.FailActivities, "fail", t.RunId, t.ScheduledEventId, t.Attempt);
        bool late = _seed.Happens(_plan.LateActivities, "late", t.RunId, t.ScheduledEventId, t.Attempt);
        handed.Answer = now =>
        {
            if (late && !handed.OnItsWay)
            {
                handed.OnItsWay = true;
                Later(now, _seed.Delay(_plan.LongestDelay, "late-by", t.RunId, t.ScheduledEventId, t.Attempt), handed.Answer!);
                return;
            }

            Ledger.Remove(text);
            if (fails)
            {
                fail(now, Lost);
            }
            else
            {
                apply(now);
            }
        };
    }

    /// <summary>A worker that hears that its activity is gone does not answer it any more.</summary>
    public T Known<T>(ByteString token, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (RpcException)
        {
            Ledger.Remove(token.ToStringUtf8());
            throw;
        }
    }

    /// <summary>Whether the signs of life of an activity that waits are not recorded in time, and (then) whether it goes on all the same.</summary>
    public (bool Silent, bool Stubborn) OnPark(in TaskToken t) =>
        (_seed.Happens(_plan.SlowHeartbeats, "silent", t.RunId, t.ScheduledEventId, t.Attempt), _seed.Happens(0.5, "stubborn", t.RunId, t.ScheduledEventId, t.Attempt));

    /// <summary>The answer whose turn it is; null when none waits.</summary>
    public Action<Turn>? NextAnswer()
    {
        Handed? next = null;
        ulong least = ulong.MaxValue;
        foreach (var handed in Ledger.Waiting)
        {
            ulong order = _seed.Of("answer", handed.Token);
            if (next is null || order < least)
            {
                (next, least) = (handed, order);
            }
        }

        return next?.Answer;
    }

    /// <summary>A client's message that changes a run comes in: now, late, or twice.</summary>
    /// <param name="turn">The turn it comes in.</param>
    /// <param name="deliver">Takes it in; told whether it is the second time.</param>
    public void OnMessage(Turn turn, Action<Turn, bool> deliver)
    {
        long number = ++_messages;
        bool late = IsSeeded && _seed.Happens(_plan.LateMessages, "message", "late", number);
        var delay = _seed.Delay(_plan.LongestDelay, "message", "delay", number);
        if (IsSeeded && _seed.Happens(_plan.DuplicateMessages, "message", "twice", number))
        {
            Later(turn, (late ? delay : TimeSpan.Zero) + _seed.Delay(_plan.LongestDelay, "message", "again", number), t => deliver(t, true));
        }

        if (late)
        {
            Later(turn, delay, t => deliver(t, false));
        }
        else
        {
            deliver(turn, false);
        }

        time?.Arrivals.Add();
    }

    /// <summary>What a task's second copy has at the end of its token.</summary>
    public const string Copy = "2";

    /// <summary>The failure of an activity by plan.</summary>
    public static Failure Lost => new()
    {
        Message = "lost by the seed",
        ApplicationFailureInfo = new() { Type = "Unavailable" },
    };

    private static void Later(Turn turn, TimeSpan delay, Action<Turn> then) => turn.State.Wakeups.Set(turn.Now + delay, 0, t =>
    {
        then(t);
        return false;
    });
}
