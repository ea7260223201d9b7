using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.Kubernetes;

/// <summary>
/// Nodes in Kubernetes: port and contract stand, the calls come with the cluster issue. Until then it says so, and observing a node
/// is "unknown", never "stopped".
/// </summary>
public sealed class KubernetesNodeControl : INodeControl
{
    private const string Word = "node control 'kubernetes' is not configured yet; use 'process' or 'systemd' on the node's own host";

    /// <inheritdoc/>
    public string Type => "kubernetes";

    /// <inheritdoc/>
    public Task<ProcessView> ObserveAsync(NodeTarget target, CancellationToken cancellationToken) =>
        Task.FromResult(new ProcessView(ProcessState.Unknown, null, [Word]));

    /// <inheritdoc/>
    public Task StopAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken) => Task.FromException(NotConfigured());

    /// <inheritdoc/>
    public Task StartAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken) => Task.FromException(NotConfigured());

    private static ApplicationFailureException NotConfigured() => Failures.Permanent(ErrorTypes.NotConfigured, Word);
}
