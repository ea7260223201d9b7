using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Starter.Repairs;

/// <summary>A run that ended without releasing its locks.</summary>
/// <param name="Holder">As its locks know it.</param>
/// <param name="Locks">The locks that are orphaned.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Last">Its last state with its journal; null where nobody could read it.</param>
internal sealed record OrphanedRun(LockHolder Holder, IReadOnlyList<LockWish> Locks, string Status, RunState? Last)
{
    /// <summary>What it left behind, with the locks that were found; null where its journal is not known.</summary>
    public RunHandover? Left => Last?.Handover is { } left ? left with { Locks = Locks } : null;
}
