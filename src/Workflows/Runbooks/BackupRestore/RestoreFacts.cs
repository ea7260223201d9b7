using System.Globalization;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>How the facts of a restore read, and which bounds and risks follow from them.</summary>
public static class RestoreFacts
{
    /// <summary>Records what was gathered.</summary>
    public static void Record(FactBook facts, BackupChoice choice, NodeObservation node, StagedState staged, ChainObservation chain)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(chain);
        facts.Record("backup", Describe(choice));
        facts.Record(
            "node",
            Text($"{node.Process}, data {(node.DataPresent ? Text($"{node.DataBytes} bytes") : "missing")}, {node.FreeBytes} bytes free, sign state {node.SignState ?? "none"}"),
            node.At);
        facts.Record("staging", Describe(staged));
        facts.Record("chain", chain.Height is { } height ? Text($"height {height}, answered by {string.Join(", ", chain.Answered)}") : "no RPC answered", chain.At);
    }

    /// <summary>A chosen backup.</summary>
    public static string Describe(BackupChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var backup = choice.Backup;
        var proof = choice.ProvenRung > 0 ? Text($"rung {choice.ProvenRung} passed {choice.ProvenAt:u}") : "unproven";
        return Text($"{backup.Id}: height {backup.Height}, taken {backup.TakenAt:u}, {backup.Bytes} bytes in {backup.Files} files, {proof}, in {string.Join(", ", choice.Regions)}");
    }

    /// <summary>What is staged.</summary>
    public static string Describe(StagedState staged)
    {
        ArgumentNullException.ThrowIfNull(staged);
        return Text($"{(staged.Complete ? "complete" : staged.Folder is null ? "nothing" : "partial")}: {staged.Files} files, {staged.Bytes} bytes, {staged.Downloaded} downloaded");
    }

    /// <summary>A health report.</summary>
    public static string Describe(HealthReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report is { Height: null, ReferenceHeight: null, Reasons.Count: > 0 }
            ? $"{report.Health}: {string.Join("; ", report.Reasons)}"
            : Text($"{report.Health}: height {report.Height}, references at {report.ReferenceHeight}, app hash equal at {report.AppHashAgreesAt}, {report.Peers} peers");
    }

    /// <summary>The gap that block sync closed.</summary>
    public static string Gap(long from, HealthReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Text($"heights {from + 1} to {report.Height} ({Math.Max(0, (report.Height ?? from) - from)} blocks) came by block sync; references at {report.ReferenceHeight}");
    }

    /// <summary>What an approval accepts.</summary>
    public static IReadOnlyList<Bound> Bounds(NodeSlice slice, BackupChoice choice, ChainObservation chain, bool older)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(choice);
        var backup = choice.Backup;
        List<Bound> bounds =
        [
            Bound.Exactly("backup", Text($"this backup: {backup.Id}, height {backup.Height}, taken {backup.TakenAt:u}")),
            Bound.Exactly("data", $"the data of {slice.Target.Node.Name} is replaced (the former data is kept)"),
        ];
        if (older)
        {
            bounds.AddRange(Loss(slice, choice, chain));
        }

        return bounds;
    }

    /// <summary>What people should know.</summary>
    public static IReadOnlyList<string> Risks(BackupChoice choice, NodeObservation node, bool older)
    {
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(node);
        var risks = new List<string>();
        if (older)
        {
            risks.AddRange(choice.Newer.Select(n => "a newer backup is not used: " + n));
        }

        if (choice.ProvenRung < 4)
        {
            risks.Add(Text($"the backup is not proven by a started node (highest rung {choice.ProvenRung})"));
        }

        risks.AddRange(choice.Unreachable.Select(u => "a newer backup may be where nobody answered: " + u));
        if (node.FreeBytes < choice.Backup.Bytes)
        {
            risks.Add(Text($"{node.FreeBytes} bytes are free on the node's host, the backup needs {choice.Backup.Bytes}"));
        }

        if (node.Process == ProcessState.Running)
        {
            risks.Add("the node runs: it is out of service from the stop to the proof");
        }

        risks.AddRange(node.Unknowns.Select(u => "unknown: " + u));
        return risks;
    }

    /// <summary>Against the newest backup the loss stands still; against the chain it grows while people think, so the limit leaves room for that.</summary>
    private static IEnumerable<Bound> Loss(NodeSlice slice, BackupChoice choice, ChainObservation chain)
    {
        var backup = choice.Backup;
        var (height, time) = choice.Newest is { } newest ? (newest.Height, newest.TakenAt) : (chain.Height, chain.BlockTime ?? chain.At);
        var room = choice.Newest is null ? slice.Approvals.Timeout + TimeSpan.FromHours(1) : TimeSpan.Zero;
        if (height is { } top)
        {
            var blocks = Math.Max(0, top - backup.Height);
            yield return Bound.AtMost(
                "blocks", "an older backup: at most {n} blocks lost", blocks, blocks + (room.Ticks / Math.Max(1, slice.Target.Chain.BlockTime.Ticks)));
        }
        else
        {
            yield return Bound.Exactly("blocks", "an older backup: how many blocks are lost is unknown");
        }

        var lost = time > backup.TakenAt ? time - backup.TakenAt : TimeSpan.Zero;
        yield return Bound.AtMost("minutes", "an older backup: at most {n} minutes lost", Minutes(lost), Minutes(lost + room));
    }

    private static long Minutes(TimeSpan time) => (time.Ticks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
