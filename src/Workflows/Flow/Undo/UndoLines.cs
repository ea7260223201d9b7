using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>An undo stack as people read it, and the digest by which they answer for it.</summary>
public static class UndoLines
{
    /// <summary>One line an undo, last in first.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<UndoRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return [.. records.Reverse().Select(Line)];
    }

    /// <summary>The lines of a repair: what is undone, or left as it is; and what is to be settled after it.</summary>
    public static IReadOnlyList<string> Repair(RunHandover run, bool adopt)
    {
        ArgumentNullException.ThrowIfNull(run);
        var own = adopt ? run.Undo.Reverse().Select(u => $"leave {u.Number} {u.Step} as it is: {After(u)} (before: {u.Before})") : Of(run.Undo);
        return
        [
            .. run.Committed ? ["the commit was passed: what came after it has no undo and stays"] : Array.Empty<string>(),
            .. own,
            .. run.Inherited.SelectMany(h => h.Undo.Reverse().Select(u => adopt
                ? $"leave {u.Number} {u.Step} of {h.WorkflowId} as it is: {After(u)} (before: {u.Before})"
                : $"then, in a repair of its own, {h.WorkflowId}: {Line(u)}")),
        ];
    }

    /// <summary>The digest of a repair's lines.</summary>
    public static string RepairDigest(RunHandover run, bool adopt) =>
        PlanDigest.Of(["repair/1", adopt ? "adopt" : "unwind", run.WorkflowId, run.FirstRunId, .. Repair(run, adopt)]);

    private static string After(UndoRecord undo) => undo.Unknown ? $"{undo.After} or {undo.Before}, which is not known" : undo.After;

    private static string Line(UndoRecord undo)
    {
        var unknown = undo.Unknown ? " (whether it was done is not known)" : "";
        return undo.Kind switch
        {
            UndoKind.Restore => $"undo {undo.Number} {undo.Step}: back to {undo.Before}{(undo.Text.Length > 0 ? $" [! {undo.Text}]" : "")}{unknown}",
            UndoKind.Keep => $"keep {undo.Number} {undo.Step}: {undo.Text}",
            _ => $"leave {undo.Number} {undo.Step}: it has no undo{unknown}",
        };
    }
}
