namespace VirtEngine.DR.Embedded.Runs;

/// <summary>A client that waits for a run's next events.</summary>
internal sealed record HistoryWaiter(Reply<GetWorkflowExecutionHistoryResponse> Reply, long From, bool CloseOnly, int PageSize);
