using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>Why a backup shall stop at once: a run of a higher rank wants the node, or somebody cancelled it in the Temporal UI.</summary>
public sealed class StopRequest
{
    private string? yielded;

    /// <summary>The reason, for people; null while nothing stands against going on.</summary>
    public string? Reason => Cancelled ? "cancelled in the Temporal UI" : yielded;

    /// <summary>Whether the whole workflow shall end, not only the work on one node.</summary>
    public bool Cancelled { get; private set; }

    /// <summary>Hears a cancellation from the Temporal UI.</summary>
    public async Task ListenAsync()
    {
        await Durable.CancelledAsync();
        Cancelled = true;
    }

    /// <summary>A run asks for the lock.</summary>
    public void Yield(LockHolder claimant)
    {
        ArgumentNullException.ThrowIfNull(claimant);
        if (claimant.Rank > Ranks.Backup)
        {
            yielded = $"yielded the node to {claimant.WorkflowId} ({claimant.Runbook} by {claimant.Operator})";
        }
    }

    /// <summary>The next node begins: its lock is another one.</summary>
    public void Clear() => yielded = null;
}
