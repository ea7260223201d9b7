namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>What is searched. The small ones run always and to their end; the large ones when VIRTENGINE_MODEL=large.</summary>
internal static class Scopes
{
    public static IReadOnlyList<Bounds> Small { get; } =
    [
        new() { Name = "two engines, late and lost writes, crashes", Machines = 2, Asks = 2, Heights = 1 },
        new() { Name = "reboots", Machines = 2, Asks = 2, Heights = 0, Reboots = true },
        new() { Name = "a disk rolled back", Machines = 2, Asks = 1, Heights = 2, Reboots = true, RolledBack = true },
        new() { Name = "a disk cloned", Machines = 2, Asks = 1, Heights = 1, Reboots = true, Cloned = true },
        new() { Name = "a bucket lost and repaired", Machines = 2, Asks = 1, Heights = 1, BucketLost = true },
        new() { Name = "a bucket lost and repaired under two engines", Machines = 2, Asks = 2, Heights = 0, BucketLost = true },
        new() { Name = "a holder that comes back", Machines = 2, Asks = 1, MaxEpoch = 7, Heights = 1, Reboots = true, Beginning = Beginning.Returned },
        new() { Name = "an HSM's key disabled", Machines = 2, Asks = 1, Heights = 1, KeyDisabled = true },
        new() { Name = "break glass", Machines = 2, Asks = 1, Heights = 1, Reboots = true, BreakGlass = true, Destroyed = true, Beginning = Beginning.Standby },
    ];
}
