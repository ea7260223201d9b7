using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Catalogs;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>The host's own memory of its newest backup, fsynced in the node's home: it shows when a bucket hides the newest.</summary>
/// <param name="home">The node's home on this host.</param>
public sealed class HostHeads(NodeHome home) : IHeadSource
{
    /// <inheritdoc/>
    public Task<BackupHead?> ReadAsync(BackupScope scope, CancellationToken cancellationToken) =>
        Task.FromResult(Read(home, scope) is { } id ? new BackupHead($"host {Environment.MachineName}", id) : null);

    /// <summary>The newest that was committed from here; null when there is none.</summary>
    internal static BackupId? Read(NodeHome home, BackupScope scope) => DurableFile.ReadJson<HeadRecord>(FileOf(home, scope)) is { } record ? BackupId.TryParse(record.Id) : null;

    /// <summary>Remembers a committed backup; an older one never replaces a newer one.</summary>
    internal static void Remember(NodeHome home, BackupScope scope, BackupId id)
    {
        if (Read(home, scope) is not { } known || known < id)
        {
            home.EnsurePrivate();
            DurableFile.WriteJson(FileOf(home, scope), new HeadRecord(id.ToString()));
        }
    }

    private static string FileOf(NodeHome home, BackupScope scope) => Path.Combine(home.Private, "heads", $"{scope.Chain}.{scope.Kind}.json");

    private sealed record HeadRecord(string Id);
}
