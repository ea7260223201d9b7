namespace VirtEngine.DR.Embedded.Host;

/// <summary>All methods that this engine answers.</summary>
internal static class Methods
{
    public static void Register(RpcTable table, LoopSlot slot)
    {
        var rpc = new Rpc(table, slot);
        SystemHandlers.Register(table);
        NamespaceHandlers.Register(rpc);
        OperatorHandlers.Register(rpc);
        WorkflowHandlers.Register(rpc);
        TaskHandlers.Register(rpc);
        ActivityHandlers.Register(rpc);
        QueryHandlers.Register(rpc);
        UpdateHandlers.Register(rpc);
        HistoryHandlers.Register(rpc);
        DescribeHandlers.Register(rpc);
        ScheduleHandlers.Register(rpc);
        VisibilityHandlers.Register(rpc);
    }
}
