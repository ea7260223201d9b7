namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Names inside a mount point. The signing state is in neither: it stays where it is.</summary>
/// <param name="Incoming">Those that come in.</param>
/// <param name="Outgoing">Those that go out.</param>
internal sealed record SwapNames(IReadOnlyList<string> Incoming, IReadOnlyList<string> Outgoing);
