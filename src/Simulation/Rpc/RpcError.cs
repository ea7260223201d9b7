namespace VirtEngine.DR.Simulation.Rpc;

/// <summary>An error in JSON-RPC's shape.</summary>
/// <param name="code">JSON-RPC's code.</param>
/// <param name="message">Its short text.</param>
/// <param name="data">What is wrong.</param>
internal sealed class RpcError(int code, string message, string data) : Exception(data)
{
    public int Code => code;

    public string Short => message;

    public static RpcError Invalid(string data) => new(-32602, "Invalid params", data);

    public static RpcError Internal(string data) => new(-32603, "Internal error", data);
}
