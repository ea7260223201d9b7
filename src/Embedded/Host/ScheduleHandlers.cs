using Temporalio.Api.Schedule.V1;
using VirtEngine.DR.Embedded.Schedules;
using VirtEngine.DR.Embedded.Store;
using ScheduleState = VirtEngine.DR.Embedded.Schedules.ScheduleState;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Schedules: create, describe, update, patch, list, delete.</summary>
internal static class ScheduleHandlers
{
    private const int FutureTimes = 10;
    private const int MostMatching = 1000;

    public static void Register(Rpc rpc)
    {
        rpc.Ask<CreateScheduleRequest, CreateScheduleResponse>(Create);
        rpc.Ask<DescribeScheduleRequest, DescribeScheduleResponse>(Describe);
        rpc.Ask<UpdateScheduleRequest, UpdateScheduleResponse>(Update);
        rpc.Ask<PatchScheduleRequest, PatchScheduleResponse>(Patch);
        rpc.Ask<DeleteScheduleRequest, DeleteScheduleResponse>((turn, request) =>
        {
            var s = Get(turn, request.Namespace, request.ScheduleId);
            turn.Changes();
            turn.State.Schedules.Remove(s);
            turn.Batch.Writes.Add(new ScheduleWrite(s.Namespace, s.Id, null));
            return new DeleteScheduleResponse();
        });
        rpc.Ask<ListSchedulesRequest, ListSchedulesResponse>(List);
        rpc.Ask<ListScheduleMatchingTimesRequest, ListScheduleMatchingTimesResponse>((turn, request) =>
        {
            var s = Get(turn, request.Namespace, request.ScheduleId);
            var answer = new ListScheduleMatchingTimesResponse();
            var at = request.StartTime.ToDateTime();
            while (answer.StartTime.Count < MostMatching && SpecTimes.Next(s, at) is { } next && next.Nominal <= request.EndTime.ToDateTime())
            {
                answer.StartTime.Add(next.Nominal.Wire());
                at = next.Nominal;
            }

            return answer;
        });
    }

    private static CreateScheduleResponse Create(Turn turn, CreateScheduleRequest request)
    {
        turn.State.Namespace(request.Namespace);
        if (request.ScheduleId.Length == 0)
        {
            throw Errors.Invalid("ScheduleId is not set on request.");
        }

        if (turn.State.Schedules.Find(request.Namespace, request.ScheduleId) is { } known)
        {
            return request.RequestId.Length > 0 && known.Requests.Contains(request.RequestId) ? new CreateScheduleResponse { ConflictToken = Token(known) }
                : throw Errors.AlreadyStarted($"Schedule \"{request.ScheduleId}\" already exists", "", "", "");
        }

        var s = new ScheduleState
        {
            Namespace = request.Namespace,
            Id = request.ScheduleId,
            Number = turn.State.Schedules.NextNumber,
            Schedule = Canonical(request.Schedule),
            Memo = request.Memo,
            SearchAttributes = request.SearchAttributes,
            Created = turn.Now,
            Done = turn.Now,
        };
        s.Requests.Add(request.RequestId);
        turn.Changes();
        turn.State.Schedules.Add(s);
        Apply(turn, s, request.InitialPatch);
        ScheduleRunner.Advance(turn, s);
        return new CreateScheduleResponse { ConflictToken = Token(s) };
    }

    private static DescribeScheduleResponse Describe(Turn turn, DescribeScheduleRequest request)
    {
        var s = Get(turn, request.Namespace, request.ScheduleId);
        var info = new ScheduleInfo
        {
            ActionCount = s.Actions,
            MissedCatchupWindow = s.Missed,
            OverlapSkipped = s.Overlapped,
            BufferDropped = s.Dropped,
            BufferSize = s.Buffer.Count,
            CreateTime = s.Created.Wire(),
            UpdateTime = s.Updated.Wire(),
        };
        info.RecentActions.Add(s.Recent);
        info.RunningWorkflows.Add(s.Running);
        info.FutureActionTimes.Add(Future(s));
        return new DescribeScheduleResponse
        {
            Schedule = s.Schedule.Clone(),
            Info = info.Clone(),
            Memo = s.Memo,
            SearchAttributes = s.SearchAttributes,
            ConflictToken = Token(s),
        };
    }

    private static UpdateScheduleResponse Update(Turn turn, UpdateScheduleRequest request)
    {
        var s = Get(turn, request.Namespace, request.ScheduleId);
        if (request.ConflictToken.Length > 0 && !request.ConflictToken.Equals(Token(s)))
        {
            throw Errors.FailedPrecondition("mismatched conflict token");
        }

        var schedule = Canonical(request.Schedule);
        turn.Changes();
        s.Schedule = schedule;
        s.SearchAttributes = request.SearchAttributes ?? s.SearchAttributes;
        s.Memo = request.Memo ?? s.Memo;
        s.Updated = turn.Now;
        s.Version++;

        // What lies before the change was dealt with by the old rules.
        s.Done = turn.Now;
        ScheduleRunner.Advance(turn, s);
        return new UpdateScheduleResponse();
    }

    private static PatchScheduleResponse Patch(Turn turn, PatchScheduleRequest request)
    {
        var s = Get(turn, request.Namespace, request.ScheduleId);
        turn.Changes();
        if (request.RequestId.Length == 0 || s.Requests.Add(request.RequestId))
        {
            Apply(turn, s, request.Patch);
            ScheduleRunner.Advance(turn, s);
        }

        return new PatchScheduleResponse();
    }

    private static void Apply(Turn turn, ScheduleState s, SchedulePatch? patch)
    {
        if (patch is null)
        {
            return;
        }

        if (patch.Pause.Length > 0)
        {
            s.Schedule.State.Paused = true;
            s.Schedule.State.Notes = patch.Pause;
        }

        if (patch.Unpause.Length > 0)
        {
            // Times that passed during the pause are gone, as they are when a schedule skips.
            s.Schedule.State.Paused = false;
            s.Schedule.State.Notes = patch.Unpause;
        }

        if (patch.TriggerImmediately is { } trigger)
        {
            var at = new DateTime(turn.Now.Ticks - (turn.Now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
            ScheduleRunner.Buffer(s, new BufferedStart(at, turn.Now, trigger.OverlapPolicy, Manual: true));
        }

        foreach (var backfill in patch.BackfillRequest)
        {
            var at = backfill.StartTime.ToDateTime().AddTicks(-1);
            while (SpecTimes.Next(s, at) is { } next && next.Nominal <= backfill.EndTime.ToDateTime())
            {
                ScheduleRunner.Buffer(s, new BufferedStart(next.Nominal, next.Nominal, backfill.OverlapPolicy, Manual: true));
                at = next.Nominal;
            }
        }
    }

    private static ListSchedulesResponse List(Turn turn, ListSchedulesRequest request)
    {
        turn.State.Namespace(request.Namespace);
        string after = request.NextPageToken.ToStringUtf8();
        int size = request.MaximumPageSize > 0 ? request.MaximumPageSize : 100;
        var page = turn.State.Schedules.All
            .Where(s => s.Namespace == request.Namespace && string.CompareOrdinal(s.Id, after) > 0).OrderBy(s => s.Id, StringComparer.Ordinal).Take(size + 1).ToArray();
        var answer = new ListSchedulesResponse();
        foreach (var s in page.Take(size))
        {
            var info = new ScheduleListInfo
            {
                Spec = s.Schedule.Spec,
                WorkflowType = s.Schedule.Action.StartWorkflow?.WorkflowType,
                Notes = s.Schedule.State.Notes,
                Paused = s.Schedule.State.Paused,
            };
            info.RecentActions.Add(s.Recent.TakeLast(5));
            info.FutureActionTimes.Add(Future(s).Take(5));
            answer.Schedules.Add(new ScheduleListEntry { ScheduleId = s.Id, Memo = s.Memo, SearchAttributes = s.SearchAttributes, Info = info.Clone() });
        }

        if (page.Length > size)
        {
            answer.NextPageToken = ByteString.CopyFromUtf8(page[size - 1].Id);
        }

        return answer;
    }

    private static IEnumerable<Timestamp> Future(ScheduleState s)
    {
        var at = s.Done;
        long most = s.Schedule.State.LimitedActions ? Math.Min(FutureTimes, s.Schedule.State.RemainingActions) : FutureTimes;
        for (int i = 0; i < most && SpecTimes.Next(s, at) is { } next; i++)
        {
            yield return next.Actual.Wire();
            at = next.Nominal;
        }
    }

    private static Schedule Canonical(Schedule? given)
    {
        var schedule = given?.Clone() ?? throw Errors.Invalid("Schedule is not set on request.");
        if (schedule.Action?.StartWorkflow is not { WorkflowId.Length: > 0, WorkflowType.Name.Length: > 0, TaskQueue.Name.Length: > 0 })
        {
            throw Errors.Invalid("a schedule's action needs WorkflowId, WorkflowType and TaskQueue");
        }

        schedule.Action.StartWorkflow.TaskQueue.Kind = TaskQueueKind.Normal;
        schedule.Spec = SpecTimes.Canonical(schedule.Spec);
        schedule.State ??= new Temporalio.Api.Schedule.V1.ScheduleState();
        schedule.Policies ??= new SchedulePolicies();
        if (schedule.Policies.OverlapPolicy == ScheduleOverlapPolicy.Unspecified)
        {
            schedule.Policies.OverlapPolicy = ScheduleOverlapPolicy.Skip;
        }

        schedule.Policies.CatchupWindow ??= TimeSpan.FromDays(365).Wire();
        return schedule;
    }

    private static ScheduleState Get(Turn turn, string ns, string id)
    {
        turn.State.Namespace(ns);
        return turn.State.Schedules.Get(ns, id);
    }

    private static ByteString Token(ScheduleState s) => ByteString.CopyFrom(BitConverter.GetBytes(s.Version));
}
