using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes.Kubernetes;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Activities.Nodes.Systemd;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Finds the adapter of an estate's word.</summary>
public sealed class NodeControls(IEnumerable<INodeControl> adapters)
{
    private readonly INodeControl[] _adapters = [.. adapters];

    /// <summary>All adapters of this release.</summary>
    public static NodeControls Default { get; } = new([new ProcessNodeControl(), new SystemdNodeControl(), new KubernetesNodeControl()]);

    /// <summary>The adapter of a node.</summary>
    public INodeControl For(NodeSpec node) =>
        Array.Find(_adapters, adapter => adapter.Type == node.Control.Type)
        ?? throw Failures.Permanent(
            ErrorTypes.NotConfigured,
            $"control.type '{node.Control.Type}' of '{node.Name}' is unknown; allowed: {string.Join(", ", _adapters.Select(adapter => adapter.Type))}");
}
