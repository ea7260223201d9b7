namespace VirtEngine.DR.Embedded.Host;

/// <summary>What a client asks first.</summary>
internal static class SystemHandlers
{
    /// <summary>The server version whose behaviour this engine follows.</summary>
    public const string ServerVersion = "1.30.0";
    private const string Service = "/temporal.api.workflowservice.v1.WorkflowService/";

    public static void Register(RpcTable table)
    {
        table.Add<GetSystemInfoRequest, GetSystemInfoResponse>(Service + "GetSystemInfo", (_, _) => Task.FromResult(new GetSystemInfoResponse
        {
            ServerVersion = ServerVersion,
            Capabilities = new()
            {
                SignalAndQueryHeader = true,
                InternalErrorDifferentiation = true,
                ActivityFailureIncludeHeartbeat = true,
                SupportsSchedules = true,
                EncodedFailureAttributes = true,
                UpsertMemo = true,
                SdkMetadata = true,
                CountGroupByExecutionStatus = true,
            },
        }));
        table.Add<GetClusterInfoRequest, GetClusterInfoResponse>(Service + "GetClusterInfo", (_, _) => Task.FromResult(new GetClusterInfoResponse
        {
            ServerVersion = ServerVersion,
            ClusterId = "embedded",
            ClusterName = "embedded",
            HistoryShardCount = 1,
            PersistenceStore = "sqlite",
            VisibilityStore = "sqlite",
        }));
    }
}
