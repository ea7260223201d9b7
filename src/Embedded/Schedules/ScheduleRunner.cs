using System.Globalization;
using Temporalio.Api.Schedule.V1;
using VirtEngine.DR.Embedded.Store;

using ScheduleState = VirtEngine.DR.Embedded.Schedules.ScheduleState;

namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>Lets schedules act: what is due is started as its overlap policy says, what was missed is counted.</summary>
internal static class ScheduleRunner
{
    private const int LargestBuffer = 1000;
    private const int RecentActions = 10;
    private static readonly TimeSpan DefaultCatchUp = TimeSpan.FromDays(365);
    private static readonly TimeSpan ShortestCatchUp = TimeSpan.FromSeconds(10);

    /// <summary>Deals with everything up to now, and puts down when to look again.</summary>
    public static void Advance(Turn turn, ScheduleState s)
    {
        var window = s.Schedule.Policies?.CatchupWindow.Span() is { } set && set > TimeSpan.Zero ? set < ShortestCatchUp ? ShortestCatchUp : set : DefaultCatchUp;
        while (SpecTimes.Next(s, s.Done) is { } next && next.Actual <= turn.Now)
        {
            s.Done = next.Nominal;
            if (s.Schedule.State.Paused || (s.Schedule.State.LimitedActions && s.Schedule.State.RemainingActions <= 0))
            {
                continue;
            }

            if (turn.Now - next.Actual > window)
            {
                s.Missed++;
            }
            else
            {
                Buffer(s, new BufferedStart(next.Nominal, next.Actual, ScheduleOverlapPolicy.Unspecified, Manual: false));
            }
        }

        StartBuffered(turn, s);
        Save(turn, s);
        Arm(turn, s);
    }

    public static void Buffer(ScheduleState s, BufferedStart start)
    {
        if (s.Buffer.Count >= LargestBuffer)
        {
            s.Dropped++;
        }
        else
        {
            s.Buffer.Add(start);
        }
    }

    /// <summary>A workflow has ended: if a schedule started it, what waited for it may go on.</summary>
    public static void Ended(Turn turn, Run run, HistoryEvent end)
    {
        foreach (var s in turn.State.Schedules.All.Where(s => s.Running.Any(r => r.RunId == run.State.FirstRunId)).ToArray())
        {
            s.Running.RemoveAll(r => r.RunId == run.State.FirstRunId);
            foreach (var recent in s.Recent.Where(r => r.StartWorkflowResult?.RunId == run.State.FirstRunId))
            {
                recent.StartWorkflowStatus = run.State.Status;
            }

            if (end.WorkflowExecutionCompletedEventAttributes is { } completed)
            {
                s.LastResult = completed.Result;
                s.LastFailure = null;
            }
            else if (end.WorkflowExecutionFailedEventAttributes is { } failed)
            {
                s.LastFailure = failed.Failure;
            }

            if (s.Schedule.Policies?.PauseOnFailure == true && run.State.Status is WorkflowExecutionStatus.Failed or WorkflowExecutionStatus.TimedOut)
            {
                s.Schedule.State.Paused = true;
                s.Schedule.State.Notes = $"paused due to workflow failure: {run.State.WorkflowId}: {s.LastFailure?.Message}";
            }

            StartBuffered(turn, s);
            Save(turn, s);
        }
    }

    public static void Save(Turn turn, ScheduleState s) => turn.Batch.Writes.Add(new ScheduleWrite(s.Namespace, s.Id, StateJson.Write(s)));

    /// <summary>Puts down when the schedule is due next.</summary>
    public static void Arm(Turn turn, ScheduleState s)
    {
        s.WakeAt = SpecTimes.Next(s, s.Done)?.Actual;
        if (s.WakeAt is { } due)
        {
            turn.State.Wakeups.Set(due, s.Number, t =>
            {
                if (s.WakeAt == due && t.State.Schedules.Find(s.Namespace, s.Id) == s)
                {
                    s.WakeAt = null;
                    Advance(t, s);
                }

                return false;
            });
        }
    }

    private static void StartBuffered(Turn turn, ScheduleState s)
    {
        var waiting = s.Buffer;
        s.Buffer = [];
        foreach (var start in waiting)
        {
            var overlap = start.Overlap != ScheduleOverlapPolicy.Unspecified ? start.Overlap : s.Schedule.Policies?.OverlapPolicy ?? ScheduleOverlapPolicy.Skip;
            bool busy = s.Running.Count > 0 && overlap != ScheduleOverlapPolicy.AllowAll;
            if (!busy)
            {
                Start(turn, s, start);
                continue;
            }

            switch (overlap)
            {
                case ScheduleOverlapPolicy.BufferAll:
                    s.Buffer.Add(start);
                    break;
                case ScheduleOverlapPolicy.BufferOne when s.Buffer.Count == 0:
                    s.Buffer.Add(start);
                    break;
                case ScheduleOverlapPolicy.CancelOther:
                    Each(turn, s, run => Cancels.Request(turn, run, "cancelled by schedule overlap policy", Identity(s), "", null, 0));
                    s.Overlapped += s.Buffer.Count;
                    s.Buffer = [start];
                    break;
                case ScheduleOverlapPolicy.TerminateOther:
                    Each(turn, s, run => Closes.Terminate(turn, run, "terminated by schedule overlap policy", null, Identity(s)));
                    s.Running.Clear();
                    Start(turn, s, start);
                    break;
                default:
                    s.Overlapped++;
                    break;
            }
        }
    }

    private static void Each(Turn turn, ScheduleState s, Action<Run> act)
    {
        foreach (var execution in s.Running.ToArray())
        {
            if (turn.State.Runs.Find(s.Namespace, execution.WorkflowId, "") is { State.IsOpen: true } run && run.State.FirstRunId == execution.RunId)
            {
                act(run);
            }
        }
    }

    private static void Start(Turn turn, ScheduleState s, BufferedStart start)
    {
        if (!start.Manual && s.Schedule.State.LimitedActions)
        {
            if (s.Schedule.State.RemainingActions <= 0)
            {
                return;
            }

            s.Schedule.State.RemainingActions--;
        }

        var request = ScheduleStarts.Request(s, start, Identity(s));
        for (int i = 0; start.Manual && i < LargestBuffer && turn.State.Runs.Find(s.Namespace, request.WorkflowId, "") is not null; i++)
        {
            // Two triggers within one second would ask for one id: who asks by hand gets a start for each.
            start = start with { Nominal = start.Nominal.AddSeconds(1) };
            request = ScheduleStarts.Request(s, start, Identity(s));
        }

        try
        {
            var (run, _, _) = ClientStarts.Start(turn, request);
            Starts.Begin(turn, run);
            s.Actions++;
            s.Running.Add(new WorkflowExecution { WorkflowId = run.State.WorkflowId, RunId = run.State.FirstRunId });
            s.Recent.Add(new ScheduleActionResult
            {
                ScheduleTime = start.Actual.Wire(),
                ActualTime = turn.Stamp,
                StartWorkflowResult = run.State.Execution,
                StartWorkflowStatus = WorkflowExecutionStatus.Running,
            });
            if (s.Recent.Count > RecentActions)
            {
                s.Recent.RemoveAt(0);
            }
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.AlreadyExists or StatusCode.InvalidArgument)
        {
            // The id is taken by a workflow of somebody else: this action does not happen, the next one will be tried.
            s.Overlapped++;
        }
    }

    private static string Identity(ScheduleState s) => string.Create(CultureInfo.InvariantCulture, $"temporal-scheduler-{s.Namespace}-{s.Id}");
}
