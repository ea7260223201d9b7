namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>What is searched. The small ones run always and to their end; the large ones with VIRTENGINE_MODEL=large.</summary>
internal static class Scopes
{
    public const string TwoEngines = "two engines, late and lost writes, crashes";
    public const string RolledBack = "a disk rolled back";
    public const string Cloned = "a disk cloned";
    public const string BucketLost = "a bucket lost and repaired under two engines";
    public const string Returned = "a holder that comes back";
    public const string Disabled = "an HSM's key disabled";
    public const string BreakGlass = "break glass";

    public static IReadOnlyList<Bounds> Small { get; } =
    [
        new() { Name = TwoEngines, Asks = 2, Heights = 1 },
        new() { Name = "two engines, reboots", Asks = 2, Heights = 0, Reboots = true },
        new() { Name = RolledBack, Asks = 1, Heights = 2, Reboots = true, RolledBack = true },
        new() { Name = "a disk rolled back after two moves", Asks = 2, Heights = 0, OneTargetEach = true, Reboots = true, RolledBack = true },
        new() { Name = Cloned, Asks = 1, Heights = 1, Reboots = true, Cloned = true },
        new() { Name = "a bucket lost and repaired, a machine destroyed", Asks = 1, Heights = 1, BucketLost = true, Destroyed = true },
        new() { Name = BucketLost, Asks = 2, MaxEpoch = 4, Heights = 0, OneTargetEach = true, BucketLost = true },
        new() { Name = Returned, Asks = 1, MaxEpoch = 7, Heights = 1, Reboots = true, RolledBack = true, Beginning = Beginning.Returned },
        new() { Name = Disabled, Asks = 1, Heights = 1, Reboots = true, KeyDisabled = true },
        new() { Name = BreakGlass, Asks = 1, Heights = 1, Reboots = true, BreakGlass = true, Destroyed = true, Beginning = Beginning.Standby },
        new() { Name = "break glass after a disk rolled back", Asks = 1, Heights = 1, BreakGlass = true, RolledBack = true, Beginning = Beginning.Standby },
    ];

    public static IReadOnlyList<Bounds> Large { get; } =
    [
        new() { Name = "two engines, a bucket lost and repaired, every target", Asks = 2, Heights = 0, BucketLost = true },
        new() { Name = "two engines, a bucket lost and repaired, signing, reboots", Asks = 2, Heights = 1, OneTargetEach = true, BucketLost = true, Reboots = true, Limit = 3_000_000 },
        new() { Name = "two engines, three machines, signing, reboots", Machines = 3, Asks = 2, Heights = 1, Reboots = true, Limit = 3_000_000 },
        new() { Name = "two engines, a disk rolled back or cloned, signing", Asks = 2, Heights = 1, Reboots = true, RolledBack = true, Cloned = true, Limit = 3_000_000 },
        new() { Name = "three engines", Asks = 3, MaxEpoch = 7, Heights = 0, OneTargetEach = true, Limit = 3_000_000 },
        new() { Name = "every fault at once", Asks = 2, Heights = 1, Reboots = true, BucketLost = true, RolledBack = true, Destroyed = true, BreakGlass = true, Limit = 3_000_000 },
    ];

    public static Bounds Named(string name) => Small.Concat(Large).First(scope => scope.Name == name);
}
