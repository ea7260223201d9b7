using VirtEngine.DR.Embedded.Visibility;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Lists and counts.</summary>
internal static class VisibilityHandlers
{
    public static void Register(Rpc rpc)
    {
        rpc.Add<ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse>(async (request, _) =>
        {
            var (page, next) = await ListAsync(rpc, request.Namespace, request.Query, request.PageSize, request.NextPageToken).ConfigureAwait(false);
            var answer = new ListWorkflowExecutionsResponse { NextPageToken = next };
            answer.Executions.Add(page);
            return answer;
        });
        rpc.Add<ScanWorkflowExecutionsRequest, ScanWorkflowExecutionsResponse>(async (request, _) =>
        {
            var (page, next) = await ListAsync(rpc, request.Namespace, request.Query, request.PageSize, request.NextPageToken).ConfigureAwait(false);
            var answer = new ScanWorkflowExecutionsResponse { NextPageToken = next };
            answer.Executions.Add(page);
            return answer;
        });
        rpc.Add<ListOpenWorkflowExecutionsRequest, ListOpenWorkflowExecutionsResponse>(async (request, _) =>
        {
            var (page, next) = await ListAsync(rpc, request.Namespace, "ExecutionStatus = 'Running'", request.MaximumPageSize, request.NextPageToken).ConfigureAwait(false);
            var answer = new ListOpenWorkflowExecutionsResponse { NextPageToken = next };
            answer.Executions.Add(page);
            return answer;
        });
        rpc.Add<ListClosedWorkflowExecutionsRequest, ListClosedWorkflowExecutionsResponse>(async (request, _) =>
        {
            var (page, next) = await ListAsync(rpc, request.Namespace, "ExecutionStatus != 'Running'", request.MaximumPageSize, request.NextPageToken).ConfigureAwait(false);
            var answer = new ListClosedWorkflowExecutionsResponse { NextPageToken = next };
            answer.Executions.Add(page);
            return answer;
        });
        rpc.Add<CountWorkflowExecutionsRequest, CountWorkflowExecutionsResponse>(async (request, _) =>
            VisibilityReader.Count(rpc.Loop.Store, request.Namespace, request.Query, await CustomAsync(rpc, request.Namespace).ConfigureAwait(false)));
    }

    private static async Task<(List<Temporalio.Api.Workflow.V1.WorkflowExecutionInfo> Page, ByteString Next)> ListAsync(
        Rpc rpc, string ns, string query, int size, ByteString token) =>
        VisibilityReader.List(rpc.Loop.Store, ns, query, await CustomAsync(rpc, ns).ConfigureAwait(false), size, token);

    /// <summary>The namespace's attributes, asked of the loop: whoever adds one sees it at once.</summary>
    private static Task<Dictionary<string, IndexedValueType>> CustomAsync(Rpc rpc, string ns) =>
        rpc.Loop.AskAsync<Dictionary<string, IndexedValueType>>((turn, reply) =>
            turn.Answer(reply, turn.State.Namespace(ns).SearchAttributes.ToDictionary(StringComparer.Ordinal)));
}
