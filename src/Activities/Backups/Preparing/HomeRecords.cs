using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Backups.Preparing;

/// <summary>What a home's records say of the run that asks.</summary>
internal static class HomeRecords
{
    /// <summary>The record of this run and this backup; null when it put nothing in place.</summary>
    public static PreparedRecord? Prepared(RestoreAct act, NodeHome home) =>
        DurableFile.ReadJson<PreparedRecord>(PreparedRecord.PathIn(home)) is { } record && record.FirstRunId == act.Key.FirstRunId && record.Digest == act.Backup.Digest
            ? record
            : null;

    /// <summary>What this run replaced from this backup; null when nothing.</summary>
    public static ReplacedRecord? Replaced(RestoreAct act, NodeHome home) =>
        DurableFile.ReadJson<ReplacedRecord>(ReplacedRecord.PathIn(home)) is { } record && record.FirstRunId == act.Key.FirstRunId && record.Digest == act.Backup.Digest
            ? record
            : null;

    /// <summary>The node key that this run made, or was about to.</summary>
    public static NodeKeyRecord? NodeKey(RestoreAct act, NodeHome home) =>
        DurableFile.ReadJson<NodeKeyRecord>(NodeKeyRecord.PathIn(home)) is { } record && record.FirstRunId == act.Key.FirstRunId ? record : null;

    /// <summary>The home as it is. Complete means that our record was finished and everything in it still lies in its place.</summary>
    public static HomeObservation Observe(RestoreAct act, NodeHome home)
    {
        var record = Prepared(act, home);
        var key = NodeKey(act, home);
        var replaced = Replaced(act, home);
        var staging = RestoreStager.FolderOf(Restorer.StagingParent(home), act.Backup.Digest);
        var id = NodeKeyFile.IdOf(NodeKeyPath(home));
        return new HomeObservation
        {
            Preparation = record is null ? HomePreparation.None
                : record.Finished && record.Files.All(file => File.Exists(Path.Combine(home.Path, file.Path))) ? HomePreparation.Complete
                : HomePreparation.Partial,
            Placed = record?.Files.Count ?? 0,
            Staging = Directory.Exists(staging) ? staging : null,
            NotPlaced = record?.NotPlaced ?? [],
            Replacement = replaced is null ? HomePreparation.None : replaced.Finished ? HomePreparation.Complete : HomePreparation.Partial,
            Former = Directory.Exists(ReplacedRecord.FormerIn(home, act.Key.FirstRunId)) ? ReplacedRecord.FormerIn(home, act.Key.FirstRunId) : null,
            NodeId = id,
            MadeNodeKey = id is not null && key is not null && (key.NodeId.Length == 0 || key.NodeId == id),
        };
    }

    /// <summary>Where the node key belongs by the home's configuration.</summary>
    public static string NodeKeyPath(NodeHome home) => Path.Combine(home.Path, home.Layout.NodeKeyFile);
}
