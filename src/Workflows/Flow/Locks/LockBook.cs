using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Who holds a lock, and what each message does to that. No call to anybody, so it is the same again in every replay.</summary>
public sealed class LockBook
{
    private readonly List<LockShare> shares = [];
    private bool shared;

    /// <summary>Begins with the one who takes it.</summary>
    public LockBook(LockHolder holder, bool shared, DateTimeOffset at)
    {
        this.shared = shared;
        shares.Add(new(holder, at, false));
    }

    /// <summary>Nobody holds it.</summary>
    public bool Free => shares.Count == 0;

    /// <summary>As the query answers.</summary>
    public LockState ToState(string id) => new(id, shared, [.. shares]);

    /// <summary>One more who shares it; false when it is one holder's alone. A share that is orphaned keeps nobody from another one.</summary>
    public bool Join(LockHolder holder, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(holder);
        if (!shared || Free)
        {
            return false;
        }

        if (Find(holder.WorkflowId, holder.FirstRunId) < 0)
        {
            shares.Add(new(holder, at, false));
        }

        return true;
    }

    /// <summary>The only one who shares it has it alone from now on; false while there are others.</summary>
    public bool MakeExclusive(LockHolder holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        var alone = shares.Count == 1 && Find(holder.WorkflowId, holder.FirstRunId) == 0;
        shared &= !alone;
        return alone;
    }

    /// <summary>Another holder in the place of one; false when there is no such one.</summary>
    public bool Transfer(LockTransfer transfer, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        var index = Find(transfer.WorkflowId, transfer.FirstRunId);
        if (index < 0)
        {
            return false;
        }

        shares.RemoveAt(index);
        if (Find(transfer.To.WorkflowId, transfer.To.FirstRunId) < 0)
        {
            shares.Insert(index, new(transfer.To, at, false));
        }

        return true;
    }

    /// <summary>A holder's run is over.</summary>
    public bool Orphan(LockHolder holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        var index = Find(holder.WorkflowId, holder.FirstRunId);
        if (index < 0)
        {
            return false;
        }

        shares[index] = shares[index] with { Orphaned = true };
        return true;
    }

    /// <summary>Frees a share: its holder's word, or two people's for an orphaned one.</summary>
    public (bool Released, string Text) Release(LockRelease release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (release is { WorkflowId: { } workflow, FirstRunId: { } run } && Find(workflow, run) is var own && own >= 0)
        {
            shares.RemoveAt(own);
            return (true, Free ? "The lock is free." : "The share is free; others still hold theirs.");
        }

        var orphans = shares.Where(s => s.Orphaned && (string.IsNullOrWhiteSpace(release.WorkflowId) || s.Holder.WorkflowId == release.WorkflowId)).ToArray();
        var approved = !string.IsNullOrWhiteSpace(release.By) && !string.IsNullOrWhiteSpace(release.ApprovedBy)
            && !string.IsNullOrWhiteSpace(release.Why) && !People.Same(release.By, release.ApprovedBy);
        if (orphans.Length == 1 && approved)
        {
            shares.Remove(orphans[0]);
            return (true, $"The share of {orphans[0].Holder.WorkflowId} is free, by {release.By} with the approval of {release.ApprovedBy}.");
        }

        return (false, Refusal(orphans));
    }

    private string Refusal(LockShare[] orphans) => orphans.Length switch
    {
        1 => $"The lock is orphaned: {orphans[0].Holder.WorkflowId} ended without releasing it. Repair that run (virtengine-dr repair "
            + $"{orphans[0].Holder.WorkflowId}), or release with by, why and another person's approvedBy.",
        > 1 => $"Several shares are orphaned; name the run (workflowId): {string.Join(", ", orphans.Select(o => o.Holder.WorkflowId))}.",
        _ => Free ? "Nobody holds the lock." : $"The lock is held by {string.Join(", ", shares.Select(s => s.Holder.WorkflowId))} and only its holder releases it.",
    };

    private int Find(string workflowId, string firstRunId) =>
        shares.FindIndex(s => s.Holder.WorkflowId == workflowId && s.Holder.FirstRunId == firstRunId);
}
