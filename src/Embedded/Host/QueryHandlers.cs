namespace VirtEngine.DR.Embedded.Host;

/// <summary>Queries and the workers' answers to them.</summary>
internal static class QueryHandlers
{
    /// <summary>How long a worker with the run in its cache may take before any worker is asked; in the machine's own time.</summary>
    private static readonly TimeSpan StickyPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestQuery = TimeSpan.FromSeconds(30);

    public static void Register(Rpc rpc)
    {
        rpc.Add<QueryWorkflowRequest, QueryWorkflowResponse>(async (request, call) =>
        {
            PendingQuery? query = null;
            Run? asked = null;
            await using var fallBack = new Timer(
                _ => rpc.Loop.Post(turn => Queries.FallBack(turn, asked, query)), null, StickyPatience, StickyPatience).ConfigureAwait(false);
            return await LongPoll.AskAsync<QueryWorkflowResponse>(
            rpc.Loop, call, LongestQuery,
            (turn, reply) =>
            {
                turn.State.Namespace(request.Namespace);
                Limits.Check(request.Query.QueryArgs);
                var run = turn.State.Runs.Get(request.Namespace, request.Execution);
                asked = run;
                query = new PendingQuery(Guid.NewGuid().ToString(), request.Query, reply);
                Queries.Ask(turn, run, query, request.QueryRejectCondition);
            },
            (turn, reply) => turn.Refuse(reply, Errors.Make(
                StatusCode.DeadlineExceeded, "no worker has answered the query in time: is one running for the workflow's task queue?", null))).ConfigureAwait(false);
        });
        rpc.Ask<RespondQueryTaskCompletedRequest, RespondQueryTaskCompletedResponse>((turn, request) =>
        {
            var token = TaskToken.Read(request.TaskToken, TaskToken.QueryTask);
            var run = turn.State.Runs.ByRunId(token.RunId);
            if (run?.Queries.Find(q => q.Id == token.Query) is not { Done: false } query)
            {
                throw Errors.NotFound("query task not found, or already expired");
            }

            Queries.Answer(turn, run, query, request.CompletedType, request.QueryResult, request.ErrorMessage, request.Failure);
            return new RespondQueryTaskCompletedResponse();
        });
    }
}
