using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using VirtEngine.DR.Embedded.Loop;
using VirtEngine.DR.Embedded.Namespaces;
using VirtEngine.DR.Embedded.Runs;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests;

/// <summary>Temporal's limits, at their full size: the engine's core is driven without a server and a file, so that they cost little.</summary>
public sealed class LimitTests
{
    private readonly EngineState _state = new();
    private readonly Turn _turn;
    private readonly Run _run;

    public LimitTests()
    {
        _state.Namespaces["default"] = new EngineNamespace { Name = "default", Id = "default-id" };
        _turn = new Turn(_state, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), new Ids(null), new Batch(1));
        (_run, _, _) = ClientStarts.Start(_turn, new StartWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowId = "limited",
            WorkflowType = new() { Name = "Any" },
            TaskQueue = new() { Name = "any" },
            RequestId = "start",
        });
        Starts.Begin(_turn, _run);
        _turn.Settle();
    }

    [Fact]
    public void Defaults_AreTemporals()
    {
        Assert.Equal(2 * 1024 * 1024, Limits.BlobBytes);
        Assert.Equal(51_200, Limits.HistoryEvents);
        Assert.Equal(50L * 1024 * 1024, Limits.HistoryBytes);
        Assert.Equal(10_000, Limits.Signals);
        Assert.Equal(2_000, CommandCheck.MaximumPendingActivities);
        Assert.Equal(10, Updates.MaximumInFlight);
        Assert.Equal(2_000, Updates.MaximumTotal);
    }

    [Fact]
    public void Signals_TenThousand_AreTakenAndOneMoreIsRefused()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Signal(i, null);
        }

        var refused = Assert.Throws<RpcException>(() => Signal(10_000, null));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.True(_run.State.IsOpen);
        Assert.Equal(10_000, _run.History.Count(e => e.EventType == EventType.WorkflowExecutionSignaled));
    }

    [Fact]
    public void Activities_TwoThousandPending_OneMoreFailsTheTask()
    {
        Complete([.. Enumerable.Range(0, 2_000).Select(Activity)]);
        Assert.Equal(2_000, _run.State.Activities.Count);
        Signal(0, null);

        var refused = Assert.Throws<RpcException>(() => Complete([Activity(2_000)]));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        var failed = _run.History.Last(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes;
        Assert.Equal(WorkflowTaskFailedCause.PendingActivitiesLimitExceeded, failed.Cause);
        Assert.Equal(2_000, _run.State.Activities.Count);
        Assert.True(_run.State.IsOpen);
    }

    [Fact]
    public void History_OfTooManyEvents_EndsTheRun()
    {
        Complete([.. Enumerable.Range(0, 51_190 - 4).Select(_ => Marker())]);
        Assert.Equal(51_190, _run.History.Count);
        Assert.True(_run.State.IsOpen);

        for (int i = 0; _run.History.Count < 51_200; i++)
        {
            Assert.True(_run.State.IsOpen);
            Signal(i, null);
        }

        Assert.Throws<RpcException>(() => Signal(20, null));
        _turn.Settle();

        Assert.False(_run.State.IsOpen);
        Assert.Equal(51_201, _run.History.Count);
        Assert.Equal("Workflow history count exceeds limit.", _run.History[^1].WorkflowExecutionTerminatedEventAttributes.Reason);
    }

    [Fact]
    public void History_OfTooManyBytes_EndsTheRun()
    {
        var payloads = new Payloads();
        payloads.Payloads_.Add(new Payload { Data = ByteString.CopyFrom(new byte[1024 * 1024]) });
        for (int i = 0; i < 49; i++)
        {
            Signal(i, payloads);
        }

        Assert.True(_run.State.IsOpen);
        Signal(49, payloads);
        Assert.ThrowsAny<RpcException>(() => Signal(50, payloads));
        _turn.Settle();

        Assert.False(_run.State.IsOpen);
        Assert.Equal(50, _run.History.Count(e => e.EventType == EventType.WorkflowExecutionSignaled));
        Assert.Equal("Workflow history size exceeds limit.", _run.History[^1].WorkflowExecutionTerminatedEventAttributes.Reason);
    }

    private static Command Activity(int number) => new()
    {
        CommandType = CommandType.ScheduleActivityTask,
        ScheduleActivityTaskCommandAttributes = new()
        {
            ActivityId = FormattableString.Invariant($"{number}"),
            ActivityType = new() { Name = "Any" },
            TaskQueue = new() { Name = "any" },
            StartToCloseTimeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)),
        },
    };

    private static Command Marker() => new() { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = new() { MarkerName = "m" } };

    private void Signal(int number, Payloads? input)
    {
        Signals.Receive(_turn, _run, "any", input, "test", null, FormattableString.Invariant($"signal-{number}"), null);
        _turn.Settle();
    }

    private void Complete(Command[] commands)
    {
        WorkflowTasks.Start(_turn, _run, "worker", "");
        var request = new RespondWorkflowTaskCompletedRequest { Namespace = "default", TaskToken = TaskDelivery.Response(_turn, _run).TaskToken };
        request.Commands.Add(commands);
        try
        {
            TaskCompletion.Complete(_turn, request);
        }
        finally
        {
            _turn.Settle();
        }
    }
}
