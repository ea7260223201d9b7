using System.Globalization;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>How long a state sync and a restore will take, as far as it can be said beforehand: what is to be fetched, and the blocks to replay after it.</summary>
/// <param name="StateSync">Null: no source could be looked at.</param>
/// <param name="Restore">Null: there is no backup to restore.</param>
/// <param name="Why">From what it was reckoned.</param>
public sealed record CureForecast(TimeSpan? StateSync, TimeSpan? Restore, string Why)
{
    /// <summary>Assumed where nothing is measured; both sides are reckoned by the same numbers.</summary>
    private const double BytesPerSecond = 50e6;
    private const double BlocksPerSecond = 20;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Unknown = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    /// <summary>A state sync is tried where it is forecast to be faster, or where there is nothing to restore. What cannot be forecast does not go before what is proven.</summary>
    public bool StateSyncFirst => Restore is null || StateSync < Restore;

    /// <summary>How long a state sync may take before it counts as of no help: three times the forecast.</summary>
    public TimeSpan Deadline => StateSync is not { } time ? Unknown : time * 3 < Shortest ? Shortest : time * 3 > Longest ? Longest : time * 3;

    /// <summary>Reckons.</summary>
    /// <param name="sources">The sources that could be looked at.</param>
    /// <param name="backup">The backup that a restore would take; null where there is none.</param>
    /// <param name="tip">The chain's height; null where it is not known.</param>
    /// <param name="discovery">How long a state sync looks for snapshots.</param>
    public static CureForecast Of(IReadOnlyList<SnapshotSource> sources, BackupChoice? backup, long? tip, TimeSpan discovery)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var newest = sources.Where(source => source.Heights.Count > 0).MaxBy(source => source.Heights[0]);

        // A snapshot is read once; a backup is downloaded and read again.
        TimeSpan? sync = newest is null ? null : discovery + Fetch(newest.Bytes) + Replay(newest.Heights[0], tip);
        TimeSpan? restore = backup is null ? null : Fetch(backup.Backup.Bytes * 2) + Replay(backup.Backup.Height, tip);
        var ofSync = newest is null ? "state sync unknown (no source's host could be asked for its snapshots)"
            : Text($"state sync {sync!.Value.TotalSeconds:0} s (snapshot {newest.Heights[0]} of {newest.Node}, {newest.Bytes} bytes)");
        var ofRestore = backup is null ? "no backup to restore" : Text($"restore {restore!.Value.TotalSeconds:0} s (backup {backup.Backup.Id}, {backup.Backup.Bytes} bytes)");
        return new(sync, restore, Text($"{ofSync}; {ofRestore}; assumed {BytesPerSecond / 1e6:0} MB/s and {BlocksPerSecond:0} blocks/s up to {tip?.ToString(CultureInfo.InvariantCulture) ?? "an unknown height"}"));
    }

    private static TimeSpan Fetch(long bytes) => TimeSpan.FromSeconds(bytes / BytesPerSecond);

    private static TimeSpan Replay(long from, long? to) => TimeSpan.FromSeconds(Math.Max(0, (to ?? from) - from) / BlocksPerSecond);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
