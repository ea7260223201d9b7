using System.Diagnostics;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Client.Interceptors;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace VirtEngine.DR.Worker.Telemetry;

/// <summary>
/// Spans and counters for starts and activities. In a workflow nothing is made and no clock is read: the header that it was started
/// with is passed on as it is, so a replay sees the same.
/// </summary>
public sealed class TracingInterceptor : IClientInterceptor, IWorkerInterceptor
{
    /// <inheritdoc/>
    public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new ClientOutbound(nextInterceptor);

    /// <inheritdoc/>
    public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new WorkflowInbound(nextInterceptor);

    /// <inheritdoc/>
    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new ActivityInbound(nextInterceptor);

    private sealed class ClientOutbound(ClientOutboundInterceptor next) : ClientOutboundInterceptor(next)
    {
        public override async Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input)
        {
            using var span = Tracing.Source.StartActivity($"start {input.Workflow}", ActivityKind.Producer);
            span?.SetTag("temporal.workflow.id", input.Options.Id);
            return await base.StartWorkflowAsync<TWorkflow, TResult>(input with { Headers = Tracing.Inject(input.Headers, Activity.Current?.Id) }).ConfigureAwait(false);
        }
    }

    private sealed class WorkflowInbound(WorkflowInboundInterceptor next) : WorkflowInboundInterceptor(next)
    {
        public override void Init(WorkflowOutboundInterceptor outbound) => base.Init(new WorkflowOutbound(outbound));
    }

    private sealed class WorkflowOutbound(WorkflowOutboundInterceptor next) : WorkflowOutboundInterceptor(next)
    {
        public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) =>
            base.ScheduleActivityAsync<TResult>(input with { Headers = Tracing.Inject(input.Headers, Tracing.Extract(Workflow.Info.Headers)) });

        public override Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input) =>
            base.StartChildWorkflowAsync<TWorkflow, TResult>(input with { Headers = Tracing.Inject(input.Headers, Tracing.Extract(Workflow.Info.Headers)) });
    }

    private sealed class ActivityInbound(ActivityInboundInterceptor next) : ActivityInboundInterceptor(next)
    {
        public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
        {
            var info = ActivityExecutionContext.Current.Info;
            using var span = Tracing.Source.StartActivity(info.ActivityType, ActivityKind.Consumer, Tracing.Extract(input.Headers));
            span?.SetTag("temporal.workflow.id", info.WorkflowId);
            span?.SetTag("temporal.attempt", info.Attempt);
            var from = Stopwatch.GetTimestamp();
            var outcome = "failed";
            try
            {
                var answer = await base.ExecuteActivityAsync(input).ConfigureAwait(false);
                outcome = "completed";
                WorkerMetrics.Answer(answer);
                return answer;
            }
            catch (Exception e) when (e is OperationCanceledException)
            {
                outcome = "cancelled";
                throw;
            }
            catch (ApplicationFailureException e)
            {
                span?.SetStatus(ActivityStatusCode.Error, e.ErrorType ?? e.Message);
                throw;
            }
            finally
            {
                WorkerMetrics.Activity(info.ActivityType, outcome, Stopwatch.GetElapsedTime(from));
            }
        }
    }
}
