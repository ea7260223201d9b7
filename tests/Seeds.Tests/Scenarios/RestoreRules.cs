using Temporalio.Api.Enums.V1;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Seeds.Tests.Lab;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>What must hold after RB-DR-006, whatever went wrong: the journal tells the truth about the world.</summary>
public static class RestoreRules
{
    /// <summary>What does not hold.</summary>
    public static IEnumerable<string> Check(Account account) => Check(account, WorkflowTypes.BackupRestore);

    /// <summary>What does not hold after runs of a runbook that may replace a node's data.</summary>
    public static IEnumerable<string> Check(Account account, string type)
    {
        ArgumentNullException.ThrowIfNull(account);
        return [.. CommonRules.Check(account), .. Runbooks(account), .. World(account, type)];
    }

    /// <summary>What every runbook's journal must say of its own acts.</summary>
    public static IEnumerable<string> Runbooks(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var world = account.World;
        var signs = world.Signer is null && (world.Kind == NodeKind.Validator || world.HoldsConsensusKey) && world.Acts.Any(a => a.Activity == "node.start");
        return [.. IncidentRules.Check(account), .. signs ? ["a signer was started"] : Array.Empty<string>(), .. account.Runs.Where(r => r.State is not null).SelectMany(r => Of(account, r, r.State!))];
    }

    private static IEnumerable<string> World(Account account, string type)
    {
        var world = account.World;

        // The last runbook that did something answers for the world, where none did the last one.
        var ended = account.Runs.Where(r => r.Type == type && r.State?.Outcome is not null).ToArray();
        var answers = ended.LastOrDefault(r => Acted(account, r)) ?? ended.LastOrDefault();
        if (answers?.State is not { } last || account.Runs.Any(r => r.Status == WorkflowExecutionStatus.Terminated))
        {
            yield break;
        }

        if (ended.TakeWhile(r => r != answers).Any(r => Acted(account, r) && r.State!.Outcome is (RunOutcome.Succeeded or RunOutcome.Partial)) && last.Outcome is not (RunOutcome.Succeeded or RunOutcome.Partial))
        {
            // It found the world as another run had left it, not as it was at first.
            yield break;
        }

        var now = Glance.At(world);
        var restores = world.Acts.Any(a => a.Activity.StartsWith("restore.swap", StringComparison.Ordinal)) || last.Steps.Any(s => s is { Id: "swap", Status: not StepStatus.LeftOut });
        switch (last.Outcome)
        {
            case RunOutcome.Succeeded or RunOutcome.Partial when restores && world.Data is not ("backup" or "synced"):
                yield return $"{last.Outcome}, but the world is {now}";
                break;
            case RunOutcome.Succeeded when restores && world.Process != Contracts.Nodes.ProcessState.Running:
                yield return $"{last.Outcome}, but the node does not run";
                break;
            case RunOutcome.Aborted or RunOutcome.Denied or RunOutcome.Superseded or RunOutcome.Planned when now != account.Before:
                yield return $"{last.Outcome}, but the world went from {account.Before} to {now}";
                break;
            case RunOutcome.RolledBack when now with { Process = account.Before.Process } != account.Before:
                yield return $"{last.Outcome}, but the world went from {account.Before} to {now}";
                break;
            case RunOutcome.RolledBack when now.Process != account.Before.Process && !last.Missing.Any(m => m.Contains("stays stopped", StringComparison.Ordinal)):
                yield return $"{last.Outcome}, but the process went from {account.Before.Process} to {now.Process} and nothing says so";
                break;
            case RunOutcome.Failed when now != account.Before && last.Missing.Count == 0:
                yield return $"{last.Outcome}, the world went from {account.Before} to {now} and nothing says so";
                break;
            default:
                break;
        }
    }

    private static bool Acted(Account account, Ended run) => account.World.Acts.Any(a => a.Key.WorkflowId == run.WorkflowId);

    private static IEnumerable<string> Of(Account account, Ended run, RunState state)
    {
        var registered = state.Journal.Where(j => j.Event == "undo.registered").Select(j => j.Text.Split(':')[0]).ToHashSet();
        var own = account.World.Acts.Where(a => a.Key.WorkflowId == run.WorkflowId).ToArray();
        var unregistered = own.Where(a => a.Key.Direction == "do" && !registered.Contains(a.Key.Step)).Select(a => a.Key.Step).Distinct().ToArray();
        if (unregistered.Length > 0)
        {
            yield return $"{run.WorkflowId} acted without an undo in its journal: {string.Join(", ", unregistered)}";
        }

        if (state is { Outcome: RunOutcome.Planned or RunOutcome.Denied or RunOutcome.Aborted } && own.Length > 0)
        {
            yield return $"{run.WorkflowId} is {state.Outcome} and acted: {string.Join(", ", own.Select(a => a.Activity))}";
        }

        if (state is { Outcome: RunOutcome.Succeeded, Missing: var missing } && state.Steps.Any(s => s.Status is StepStatus.Failed or StepStatus.Skipped or StepStatus.Waiting))
        {
            yield return $"{run.WorkflowId} succeeded with steps that were not done ({string.Join(", ", missing)})";
        }
    }
}
