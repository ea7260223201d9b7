namespace VirtEngine.DR.Embedded.Host;

/// <summary>Queries and the workers' answers to them.</summary>
internal static class QueryHandlers
{
    private static readonly TimeSpan LongestQuery = TimeSpan.FromSeconds(30);

    public static void Register(Rpc rpc)
    {
        rpc.Add<QueryWorkflowRequest, QueryWorkflowResponse>((request, call) => LongPoll.AskAsync<QueryWorkflowResponse>(
            rpc.Loop, call, LongestQuery,
            (turn, reply) =>
            {
                turn.State.Namespace(request.Namespace);
                var run = turn.State.Runs.Get(request.Namespace, request.Execution);
                Queries.Ask(turn, run, new PendingQuery(Guid.NewGuid().ToString(), request.Query, reply), request.QueryRejectCondition);
            },
            (turn, reply) => turn.Refuse(reply, Errors.Make(
                StatusCode.DeadlineExceeded, "no worker has answered the query in time: is one running for the workflow's task queue?", null))));
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
