using System.CommandLine;
using System.CommandLine.Parsing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Starter.Commands;

/// <content>What fits together on the command line.</content>
internal sealed partial class RunCommand
{
    private void Check(CommandResult result)
    {
        // Where the runbook itself is wrong, its own error says so.
        var type = result.GetResult(runbook) is { } named && !named.Errors.Any() ? result.GetValue(runbook) : null;
        Option[] foreign = type switch
        {
            WorkflowTypes.NodeFailure => [kind, at, ended, .. Corruption],
            WorkflowTypes.DataCorruption => [cure, at, ended],
            WorkflowTypes.BackupRestore => [cure, ended, .. Corruption],
            WorkflowTypes.SignerMove => [kind, at, cure, backup, configuration, .. Corruption],
            WorkflowTypes.ZoneFailover or WorkflowTypes.ZoneFailback => [node, kind, at, cure, backup, configuration, ended, .. Corruption, .. zone.ForeignTo(type)],
            _ => [],
        };
        if (!ZoneInputs.IsFor(type))
        {
            foreign = [.. foreign, .. type is null ? [] : zone.Options];
        }

        foreach (var option in foreign.Where(option => result.GetResult(option) is { Implicit: false }))
        {
            result.AddError($"{option.Name} is not for {type}.");
        }

        if (type is not null and not WorkflowTypes.DataCorruption && result.GetResult(node) is { Errors: var bad } && !bad.Any() && result.GetValue(node) is { Length: > 1 })
        {
            result.AddError($"--node is given more than once: {type} is for one node.");
        }

        IReadOnlyList<string> kinds = type == WorkflowTypes.DataCorruption ? CorruptionKinds.All : BackupKinds.All;
        if (type is not null && result.GetResult(kind) is { Errors: var wrong } && !wrong.Any() && result.GetValue(kind) is { } asked && !kinds.Contains(asked))
        {
            result.AddError($"--kind {asked} is not for {type}: allowed are {string.Join(", ", kinds)}.");
        }

        if (type == WorkflowTypes.DataCorruption && result.GetResult(incidentClass) is { Implicit: false } && result.GetValue(incidentClass) != "D4")
        {
            result.AddError($"--class is D4 for {type}.");
        }

        if (type is WorkflowTypes.NodeFailure or WorkflowTypes.SignerMove && result.GetResult(incidentClass) is { Implicit: false } && result.GetValue(incidentClass) != "D1")
        {
            result.AddError($"--class is D1 for {type}: corruption of several nodes is RB-DR-004.");
        }

        if (type == WorkflowTypes.DataCorruption && result.GetResult(coordinated) is null && new Option[] { binary, within }.Any(option => result.GetResult(option) is { Implicit: false }))
        {
            result.AddError("--binary and --within belong to --coordinated VERSION.");
        }

        if (result.GetResult(at) is not null && result.GetResult(backup) is not null)
        {
            result.AddError("--at and --backup exclude each other: name a time or a backup.");
        }

        if (result.GetValue(dryRun) && result.GetResult(mode) is { Implicit: false })
        {
            result.AddError("--dry-run and --mode exclude each other: a dry run is a mode of its own.");
        }
    }

    /// <summary>What a runbook cannot do without is asked for beside every other mistake: an option of its own says so, even where it was not given.</summary>
    private void Need(Option option, Func<string, bool> by) => option.Validators.Add(result =>
    {
        var type = result.GetResult(runbook)?.Tokens is [var token, ..] ? token.Value : "";
        if (result.Implicit && by(type))
        {
            result.AddError($"{option.Name} is missing: {type} needs it.");
        }
    });
}
