namespace VirtEngine.DR.Embedded.Runs;

/// <summary>A query that waits for a worker. Queries change nothing and are not kept: a client asks again.</summary>
internal sealed class PendingQuery(string id, Temporalio.Api.Query.V1.WorkflowQuery query, Reply<QueryWorkflowResponse> reply)
{
    public string Id { get; } = id;
    public Temporalio.Api.Query.V1.WorkflowQuery Query { get; } = query;
    public Reply<QueryWorkflowResponse> Reply { get; } = reply;

    /// <summary>Whether a worker has it: with a workflow task, or as a task of its own.</summary>
    public bool Sent { get; set; }

    /// <summary>Whether it is a task of its own.</summary>
    public bool Direct { get; set; }

    /// <summary>The caller has gone, or has its answer.</summary>
    public bool Done => Reply.Decided;
}
