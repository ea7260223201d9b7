namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Requests that may be refused.</summary>
internal static class Guarded
{
    /// <summary>Runs an input whose refusal is an answer.</summary>
    public static void Run<T>(Turn turn, Reply<T> reply, Action<Turn, Reply<T>> input)
    {
        long before = turn.Batch.Marks;
        turn.Asked = reply;
        try
        {
            input(turn, reply);
        }
        catch (RpcException refused)
        {
            turn.Refuse(reply, refused);
        }
#pragma warning disable CA1031 // A request that breaks before it changed anything harms only itself.
        catch (Exception e) when (turn.Batch.Marks == before)
#pragma warning restore CA1031
        {
            turn.Refuse(reply, new RpcException(new Status(StatusCode.Internal, $"the engine could not read the request: {e.Message}", e)));
        }
    }
}
