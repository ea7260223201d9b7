using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Requests as they are on the wire, for what the SDK would never send or hides.</summary>
public static class Raw
{
    /// <summary>A payload of JSON.</summary>
    public static Payload Json(object value, string? type = null)
    {
        var payload = new Payload { Data = ByteString.CopyFromUtf8(JsonSerializer.Serialize(value)), Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") } };
        if (type is not null)
        {
            payload.Metadata["type"] = ByteString.CopyFromUtf8(type);
        }

        return payload;
    }

    /// <summary>Several payloads of JSON.</summary>
    public static Payloads Several(params object[] values) => new() { Payloads_ = { values.Select(v => Json(v)) } };

    /// <summary>A duration.</summary>
    public static Duration Seconds(double seconds) => TimeSpan.FromSeconds(seconds).ToDuration();

    /// <summary>A request to start "main" as "run".</summary>
    public static StartWorkflowExecutionRequest Start(Stage stage, Action<StartWorkflowExecutionRequest>? change = null)
    {
        var request = new StartWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowId = stage.Id("run"),
            WorkflowType = new() { Name = "main" },
            TaskQueue = new() { Name = stage.Queue },
            RequestId = Guid.NewGuid().ToString(),
            Identity = "raw",
        };
        change?.Invoke(request);
        return request;
    }

    /// <summary>Starts "main" as "run".</summary>
    public static async Task<WorkflowHandle> StartedAsync(Stage stage, Action<StartWorkflowExecutionRequest>? change = null)
    {
        StartWorkflowExecutionResponse response = await stage.Service.StartWorkflowExecutionAsync(Start(stage, change)).ConfigureAwait(false);
        return stage.Client.GetWorkflowHandle(stage.Id("run"), response.RunId);
    }

    /// <summary>Takes the next workflow task.</summary>
    public static async Task<PollWorkflowTaskQueueResponse> PollAsync(Stage stage, string? sticky = null)
    {
        var request = new PollWorkflowTaskQueueRequest { Namespace = "default", TaskQueue = new() { Name = stage.Queue }, Identity = "raw" };
        if (sticky is not null)
        {
            request.TaskQueue = new() { Name = sticky, Kind = TaskQueueKind.Sticky, NormalName = stage.Queue };
        }

        PollWorkflowTaskQueueResponse task = await stage.Service.PollWorkflowTaskQueueAsync(request, new() { Timeout = TimeSpan.FromSeconds(30) }).ConfigureAwait(false);
        return task.TaskToken.IsEmpty ? throw new InvalidOperationException("the poll came back without a task") : task;
    }

    /// <summary>Waits until the server knows of a poll on a sticky queue: without one it would not be used.</summary>
    public static Task PolledAsync(Stage stage, string sticky) => Eventually.TrueAsync("the sticky queue has a poller", TimeSpan.FromSeconds(10), async () =>
        (await stage.Service.DescribeTaskQueueAsync(new()
        {
            Namespace = "default",
            TaskQueue = new() { Name = sticky, Kind = TaskQueueKind.Sticky, NormalName = stage.Queue },
            TaskQueueType = TaskQueueType.Workflow,
        }).ConfigureAwait(false)).Pollers.Count > 0);

    /// <summary>Takes the next activity task.</summary>
    public static async Task<PollActivityTaskQueueResponse> PollActivityAsync(Stage stage)
    {
        PollActivityTaskQueueResponse task = await stage.Service.PollActivityTaskQueueAsync(
            new() { Namespace = "default", TaskQueue = new() { Name = stage.Queue }, Identity = "raw" }, new() { Timeout = TimeSpan.FromSeconds(30) }).ConfigureAwait(false);
        return task.TaskToken.IsEmpty ? throw new InvalidOperationException("the poll came back without a task") : task;
    }

    /// <summary>Completes a workflow task.</summary>
    public static Task<RespondWorkflowTaskCompletedResponse> CompleteAsync(Stage stage, PollWorkflowTaskQueueResponse task, params Command[] commands) =>
        CompleteAsync(stage, task, null, commands);

    /// <summary>Completes a workflow task with more than commands.</summary>
    public static Task<RespondWorkflowTaskCompletedResponse> CompleteAsync(
        Stage stage, PollWorkflowTaskQueueResponse task, Action<RespondWorkflowTaskCompletedRequest>? change, params Command[] commands)
    {
        var request = new RespondWorkflowTaskCompletedRequest { Namespace = "default", TaskToken = task.TaskToken, Identity = "raw", Commands = { commands } };
        change?.Invoke(request);
        return stage.Service.RespondWorkflowTaskCompletedAsync(request);
    }

    /// <summary>Fails a workflow task.</summary>
    public static Task FailAsync(Stage stage, PollWorkflowTaskQueueResponse task, WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure) =>
        stage.Service.RespondWorkflowTaskFailedAsync(new() { Namespace = "default", TaskToken = task.TaskToken, Identity = "raw", Cause = cause, Failure = Failure("task failed") });

    /// <summary>A failure of an application.</summary>
    public static Failure Failure(string message) => new() { Message = message, ApplicationFailureInfo = new() { Type = "Raw" } };

    /// <summary>Command: complete the workflow.</summary>
    public static Command CompleteWorkflow(object result) => new()
    {
        CommandType = CommandType.CompleteWorkflowExecution,
        CompleteWorkflowExecutionCommandAttributes = new() { Result = Several(result) },
    };

    /// <summary>Command: start a timer.</summary>
    public static Command StartTimer(string id, double seconds) => new()
    {
        CommandType = CommandType.StartTimer,
        StartTimerCommandAttributes = new() { TimerId = id, StartToFireTimeout = Seconds(seconds) },
    };

    /// <summary>Command: schedule an activity.</summary>
    public static Command Schedule(Stage stage, string id, Action<ScheduleActivityTaskCommandAttributes>? change = null)
    {
        var attributes = new ScheduleActivityTaskCommandAttributes
        {
            ActivityId = id,
            ActivityType = new() { Name = "work" },
            TaskQueue = new() { Name = stage.Queue },
            StartToCloseTimeout = Seconds(10),
        };
        change?.Invoke(attributes);
        return new() { CommandType = CommandType.ScheduleActivityTask, ScheduleActivityTaskCommandAttributes = attributes };
    }
}
