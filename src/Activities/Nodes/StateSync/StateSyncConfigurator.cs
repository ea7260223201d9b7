using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.StateSync;

/// <summary>Writes a state sync's settings and puts back what stood there. The record is on disk first; a run that is killed in between leaves it for the next.</summary>
internal static class StateSyncConfigurator
{
    /// <summary>Where the configuration is, for the run of this key.</summary>
    public static (StateSyncConfiguration State, string? Owner) Look(NodeHome home, string firstRunId)
    {
        if (Record(home) is not { } record)
        {
            return (StateSyncConfiguration.AsItWas, null);
        }

        if (record.FirstRunId != firstRunId)
        {
            return (StateSyncConfiguration.OtherRun, record.WorkflowId);
        }

        var now = StateSyncConfig.Read(StateSyncConfig.PathIn(home), record.After.Keys);
        return Same(now, record.After) ? (StateSyncConfiguration.Configured, null)
            : Same(now, record.Before) ? (StateSyncConfiguration.AsItWas, null)
            : (StateSyncConfiguration.Partial, null);
    }

    /// <summary>Writes the settings. What another run left is put back before: its settings are nobody's.</summary>
    public static void Configure(NodeHome home, StateSyncAct act, IFence fence)
    {
        var path = StateSyncConfig.PathIn(home);
        var wanted = StateSyncConfig.Values(act.Settings ?? throw Failures.Invalid(["settings are missing"]));
        if (Record(home) is { } left && left.FirstRunId != act.Key.FirstRunId)
        {
            PutBack(home, left, fence);
        }

        var present = StateSyncConfig.Read(path, wanted.Keys);

        // A key that this node's version does not have keeps its default: it is neither written nor put back.
        var after = new SortedDictionary<string, string>(wanted.Where(one => present.ContainsKey(one.Key)).ToDictionary(), StringComparer.Ordinal);
        var before = Record(home)?.Before ?? present;
        fence.EnsureCurrent();
        DurableFile.WriteJson(StateSyncRecord.PathIn(home), new StateSyncRecord(act.Key.WorkflowId, act.Key.FirstRunId, before, after));
        StateSyncConfig.Write(path, after, fence);
    }

    /// <summary>Puts back what stood there before the run of this key; of another run's nothing is touched.</summary>
    public static void Restore(NodeHome home, StateSyncAct act, IFence fence)
    {
        if (Record(home) is { } record && record.FirstRunId == act.Key.FirstRunId)
        {
            PutBack(home, record, fence);
        }
    }

    /// <summary>Only values that are still the run's own: what somebody wrote since is theirs.</summary>
    private static void PutBack(NodeHome home, StateSyncRecord record, IFence fence)
    {
        var path = StateSyncConfig.PathIn(home);
        if (File.Exists(path))
        {
            var now = StateSyncConfig.Read(path, record.After.Keys);
            var ours = record.Before.Where(one => now.TryGetValue(one.Key, out var value) && record.After.TryGetValue(one.Key, out var written) && value == written).ToDictionary();
            if (ours.Any(one => now[one.Key] != one.Value))
            {
                StateSyncConfig.Write(path, ours, fence);
            }
        }

        fence.EnsureCurrent();
        DurableFile.Delete(StateSyncRecord.PathIn(home));
    }

    private static StateSyncRecord? Record(NodeHome home)
    {
        try
        {
            return DurableFile.ReadJson<StateSyncRecord>(StateSyncRecord.PathIn(home));
        }
        catch (InvalidDataException e)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, e.Message, e);
        }
    }

    private static bool Same(SortedDictionary<string, string> now, SortedDictionary<string, string> wanted) =>
        wanted.All(one => now.TryGetValue(one.Key, out var value) && value == one.Value);
}
