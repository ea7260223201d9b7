using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Settles what another run left behind: shows it as a plan, asks for an approval of that plan, and unwinds or adopts.</summary>
public sealed class Repairer(RunBoard board, GateKeeper gates, SafePoint safePoint, Succession succession, Unwinder unwinder)
{
    /// <summary>Settles it.</summary>
    public async Task<RunEnd> RunAsync(Takeover takeover)
    {
        ArgumentNullException.ThrowIfNull(takeover);
        while (true)
        {
            if (await safePoint.HoldAsync() is { } left)
            {
                return left;
            }

            var run = succession.Describe();
            var lines = UndoLines.Repair(run, takeover.Adopt);
            if (lines.Count == 0)
            {
                return RunEnd.Aborted;
            }

            var digest = UndoLines.RepairDigest(run, takeover.Adopt);
            if (board.Unwinding?.Digest != digest)
            {
                board.Unwinding = new(1, digest, lines, [.. board.Undo.Open.Select(e => e.Step.UndoRisk).Where(r => r.Length > 0)]);
                board.Note(Journal.Flow, "repair.planned", $"Repair {digest[..8]} of {run.WorkflowId}: {string.Join("; ", lines)}");
            }

            var gate = gates.Extra(
                "repair", takeover.Adopt ? $"Leave what {run.WorkflowId} did as it is, and free its locks?" : $"Undo what {run.WorkflowId} did?", digest);
            switch (await gates.PassAsync(gate, () => board.YieldTo is not null))
            {
                case GateEnd.Passed:
                    return takeover.Adopt ? Adopt(run) : await unwinder.RunAsync();
                case GateEnd.Denied:
                    var item = new ParkItem("gate:repair", "gate repair", $"Denied by {gate.DeniedBy}.", "retry asks again.", skippable: false, undo: false);
                    if (await safePoint.ParkAsync([item]) is { } end)
                    {
                        return end;
                    }

                    break;
            }
        }
    }

    private RunEnd Adopt(RunHandover run)
    {
        foreach (var entry in board.Undo.Open)
        {
            entry.Settled = true;
        }

        board.Inherited.Clear();
        board.Missing.AddRange(UndoLines.Repair(run, adopt: true).Select(line => $"Of {run.WorkflowId}: {line}"));
        board.Note(Journal.Flow, "repair.adopted", $"What {run.WorkflowId} did stays as it is; nobody has proven the state.");
        return RunEnd.Adopted;
    }
}
