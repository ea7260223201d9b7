using Google.Protobuf.Reflection;
using Grpc.Core;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Why a method of Temporal's API is not here.</summary>
internal static class Unsupported
{
    private static readonly (string Part, string Why)[] Reasons =
    [
        ("Nexus", "calls between namespaces and clusters (Nexus) need a Temporal cluster"),
        ("Deployment", "worker deployments need a Temporal cluster; this engine sends every task to any worker of its queue"),
        ("Versioning", "worker versioning needs a Temporal cluster; this engine sends every task to any worker of its queue"),
        ("BuildId", "worker versioning needs a Temporal cluster; this engine sends every task to any worker of its queue"),
        ("Batch", "batch operations need a Temporal cluster; list the workflows and act on each"),
        ("Archived", "archival needs a Temporal cluster; export the engine's file instead"),
        ("RemoteCluster", "replication needs a Temporal cluster"),
        ("ActivityExecution", "activities without a workflow need a Temporal cluster"),
    ];

    /// <summary>Answers UNIMPLEMENTED with the method's name and the reason.</summary>
    public static RpcHandler Handler(MethodDescriptor method)
    {
        string why = Reasons.FirstOrDefault(r => method.Name.Contains(r.Part, StringComparison.Ordinal)).Why
            ?? "the embedded engine serves one machine and leaves this to a Temporal cluster";
        string text = $"{method.Name} is not supported by the embedded engine: {why}";
        return (_, _) => throw new RpcException(new Status(StatusCode.Unimplemented, text));
    }
}
