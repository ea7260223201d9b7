using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Starts, stops and looks at a node's process. One adapter a way of keeping processes.</summary>
public interface INodeControl
{
    /// <summary>The estate's word for it: <c>process</c>, <c>systemd</c> or <c>kubernetes</c>.</summary>
    string Type { get; }

    /// <summary>Whether the node runs. Reads only.</summary>
    Task<ProcessView> ObserveAsync(NodeTarget target, CancellationToken cancellationToken);

    /// <summary>Asks the process to end and waits until it is gone. A stopped node is fine; a frozen one is never touched.</summary>
    /// <param name="target">The node.</param>
    /// <param name="fence">Asked right before each write.</param>
    /// <param name="cancellationToken">Stops the waiting, not the stopping.</param>
    Task StopAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken);

    /// <summary>As <see cref="StopAsync"/>, for a process that a signal stopped (<see cref="ProcessView.Hung"/>): it is asked to end and let go on to hear it.</summary>
    Task EndHungAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken) => StopAsync(target, fence, cancellationToken);

    /// <summary>Starts the process unless it runs.</summary>
    /// <param name="target">The node.</param>
    /// <param name="fence">Asked right before each write.</param>
    /// <param name="cancellationToken">Stops the waiting; a process that was started goes on.</param>
    Task StartAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken);

    /// <summary>The end of the node's own log since its last start, at most about this many bytes; null where this control keeps none. Reads only.</summary>
    Task<string?> LogAsync(NodeTarget target, int bytes, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Files with the node's log for analysis, as far back as it is kept and bounded; what is in no file is written into the folder. Reads only.</summary>
    async Task<IReadOnlyList<string>> LogFilesAsync(NodeTarget target, string folder, CancellationToken cancellationToken)
    {
        if (await LogAsync(target, 64 << 20, cancellationToken).ConfigureAwait(false) is not { } text)
        {
            return [];
        }

        var file = Path.Combine(folder, "node.log");
        await File.WriteAllTextAsync(file, text, cancellationToken).ConfigureAwait(false);
        return [file];
    }

    /// <summary>Why a start of the node would not go through the gate of a key; null where it goes through it. Reads only.</summary>
    Task<string?> GateProblemAsync(NodeTarget target, SignerName signer, CancellationToken cancellationToken) =>
        Task.FromResult<string?>($"control '{Type}' cannot tell whether a start goes through the gate");

    /// <summary>Whom a home that is made anew belongs to, by number; null where it is whoever starts the node: this worker's own user.</summary>
    Task<(uint User, uint Group)?> OwnerAsync(NodeTarget target, CancellationToken cancellationToken) => Task.FromResult<(uint, uint)?>(null);
}
