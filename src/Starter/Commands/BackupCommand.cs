using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Starter.Backups;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>backup …</c>.</summary>
internal static class BackupCommand
{
    public static Command Create(CommandContext context) =>
        new("backup", "Take, list, verify, prune and export backups.")
        {
            Run(context),
            ReadCommands.List(context),
            ReadCommands.Show(context),
            Verify(context),
            Prune(context),
            ExportCommand.Create(context),
            KeptCommand.Create(context),
            SchedulesCommand.Create(context, "schedule"),
        };

    private static Command Run(CommandContext context)
    {
        var node = BackupOptions.Node("all that the estate backs up");
        var kind = BackupOptions.Kind();
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "Why." };
        var noWait = new Option<bool>("--no-wait") { Description = "Start it and return." };
        var command = new Command("run", "Take a backup now, replicate it, and wait for it.") { node, kind, reason, noWait };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var type = parsed.GetRequiredValue(kind) switch
            {
                BackupKinds.ProviderState => WorkflowTypes.BackupProviderState,
                BackupKinds.Configuration => WorkflowTypes.BackupConfiguration,
                _ => WorkflowTypes.BackupChainState,
            };
            var input = new BackupInput
            {
                Node = parsed.GetValue(node),
                Operator = session.Settings.By is { Length: > 0 } by ? by : null,
                Reason = parsed.GetValue(reason),
            };
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var outcome = await JobRunner.RunAsync<BackupOutcome>(session, runs, type, input.Node, input, !parsed.GetValue(noWait), cancellationToken)
                .ConfigureAwait(false);
            return outcome is null ? ExitCodes.Ok : JobOutput.Write(session, outcome);
        });
    }

    private static Command Verify(CommandContext context)
    {
        var backup = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "The backup; without it the newest." };
        var node = BackupOptions.Node("all");
        var kind = BackupOptions.Kind();
        var rung = new Option<int>("--rung")
        {
            HelpName = "1-4",
            Description = "1 listed, 2 read, 3 restored in a scratch folder: done here, no server needed. 4 proven by a node started on it: by the node's worker.",
            DefaultValueFactory = _ => 4,
        };
        rung.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 4)
            {
                result.AddError("--rung is 1 (listed), 2 (read), 3 (restored) or 4 (proven).");
            }
        });
        var command = new Command("verify", "Climb the verification ladder and record the rung beside the backup.") { backup, node, kind, rung };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var input = new VerifyInput
            {
                Node = parsed.GetValue(node),
                Kind = parsed.GetRequiredValue(kind),
                Backup = parsed.GetValue(backup),
                Rung = parsed.GetValue(rung),
            };
            if (input.Rung < 4)
            {
                return JobOutput.Write(session, await DirectVerify.RunAsync(
                    session, input.Backup, input.Node, input.Kind, input.Rung, cancellationToken).ConfigureAwait(false));
            }

            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var outcome = await JobRunner.RunAsync<VerifyOutcome>(
                session, runs, WorkflowTypes.VerifyBackups, input.Node, input, wait: true, cancellationToken).ConfigureAwait(false);
            return JobOutput.Write(session, outcome!);
        });
    }

    private static Command Prune(CommandContext context)
    {
        var node = BackupOptions.Node("all");
        var kind = new Option<string?>("--kind") { HelpName = "KIND", Description = "Only this kind: " + string.Join(", ", BackupKinds.All) + "." };
        var apply = new Option<bool>("--apply") { Description = "Delete what no rule keeps; without it the decisions are only shown." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("prune", "Show what the retention rules decide; with --apply, do it.") { node, kind, apply, yes };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var input = new PruneInput { Node = parsed.GetValue(node), Kind = parsed.GetValue(kind), DryRun = !parsed.GetValue(apply) };
            if (input.DryRun)
            {
                return JobOutput.Write(session, await DirectPrune.DryRunAsync(session, input.Node, input.Kind, cancellationToken).ConfigureAwait(false));
            }

            if (!parsed.GetValue(yes) && !Confirmation.Ask(session, "Delete the backups that no rule keeps?"))
            {
                return ExitCodes.Refused;
            }

            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var outcome = await JobRunner.RunAsync<PruneOutcome>(
                session, runs, WorkflowTypes.PruneBackups, input.Node, input, wait: true, cancellationToken).ConfigureAwait(false);
            return JobOutput.Write(session, outcome!);
        });
    }
}
