using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>run RUNBOOK</c>: starts a runbook.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string> runbook = new Argument<string>("RUNBOOK") { Description = "RB-DR-001: cure a failed node. RB-DR-004: recover a node whose data is corrupt. RB-DR-006: restore a backup. SignerMove: let a validator sign on this node's host, and nowhere else." }
        .Among([.. RunClient.Runbooks]);

    private readonly Option<string[]> node = new("--node")
    {
        Required = true,
        HelpName = "NAME",
        Description = "The node, as the estate names it. RB-DR-004: once for each of several, which are copied and judged together and cured one after the other.",
    };

    private readonly Option<string?> kind = new Option<string?>("--kind")
    {
        HelpName = "KIND",
        Description = "RB-DR-006: what to restore: " + string.Join(", ", BackupKinds.All) + ". RB-DR-004: what is corrupt: " + string.Join(", ", CorruptionKinds.All) + ".",
    }.AcceptOnlyFromAmong([.. BackupKinds.All, .. CorruptionKinds.All]);

    private readonly Option<string> cure = new Option<string>("--cure")
    {
        HelpName = string.Join('|', Cures.All),
        Description = "RB-DR-001: auto tries the cheapest that fits what is found, then the next; a named cure is tried alone.",
        DefaultValueFactory = _ => Cures.Auto,
    }.AcceptOnlyFromAmong([.. Cures.All]);

    private readonly Option<string> recovery = new Option<string>("--recovery")
    {
        HelpName = string.Join('|', Recoveries.All),
        Description = "RB-DR-004: auto does what the diagnosis calls for; a named recovery is tried alone.",
        DefaultValueFactory = _ => Recoveries.Auto,
    }.AcceptOnlyFromAmong([.. Recoveries.All]);

    private readonly Option<long?> height = new("--height") { HelpName = "N", Description = "RB-DR-004: the last height that is known to be good, where you know one." };

    private readonly Option<bool> withoutCopy = new("--without-copy") { Description = "RB-DR-004: make no forensic copy. It asks for an approval of its own." };

    private readonly Option<string?> coordinated = new("--coordinated") { HelpName = "VERSION", Description = "RB-DR-004: the whole chain stands. Publishes a signed plan for all validators to go back to --height with this version, and waits for the others before it starts ours." };

    private readonly Option<string[]> binary = new("--binary") { HelpName = "TEXT", Description = "With --coordinated: a binary for the plan, as 'PLATFORM URL SHA256'; once for each." };

    private readonly Option<int> within = new("--within") { HelpName = "HOURS", Description = "With --coordinated: how long the others have.", DefaultValueFactory = _ => (int)new CoordinatedSpec().Within.TotalHours };

    private readonly Option<string?> backup = new("--backup")
    {
        HelpName = "ID",
        Description = "newest-proven (the default), newest, or a backup's id (virtengine-dr backup list).",
    };

    private readonly Option<string?> configuration = new("--configuration")
    {
        HelpName = "ID",
        Description = "Which configuration backup a lost home is prepared from: newest (the default), or its id.",
    };

    private readonly Option<DateTimeOffset?> at = TimeOption.Create("--at", "RB-DR-006: the newest backup at or before this time (ISO 8601, UTC).");

    private readonly Option<string?> incidentClass = new Option<string?>("--class")
    {
        HelpName = "D1|D4",
        Description = "D1 a lost disk, D4 corruption: decides the objective and who is told (default: the runbook's own).",
    }.AcceptOnlyFromAmong("D1", "D4");

    private readonly Option<string?> reason = new("--reason") { HelpName = "TEXT", Description = "Why; stands in the journal and the report." };

    private readonly Option<string?> ticket = new("--ticket") { HelpName = "ID", Description = "A ticket to link to." };

    private readonly Option<string> mode = new Option<string>("--mode")
    {
        HelpName = "live|practice",
        Description = "live on a real estate, practice on a simulated one (default: what the estate is, else live).",
    }.AcceptOnlyFromAmong("live", "practice");

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Show the plan and end; locks and changes nothing." };

    private readonly Option<DateTimeOffset?> since = TimeOption.Create("--since", "When the failure was noticed; the clock starts there.");

    private readonly Option<string[]> ended = new("--ended") { HelpName = "FILE", Description = "A statement that a machine is ended otherwise than by its gate ('signer fence-volume', 'signer end-statement'); SignerMove only, once a machine.", AllowMultipleArgumentsPerToken = false };

    private readonly Option<string?> id = new("--id") { HelpName = "RUN", Description = "The run's id (default: made from runbook, node and time)." };

    private readonly Option<bool> watch = new("--watch", "-w") { Description = "Follow it to its end; the exit code is the outcome's." };

    private Option[] Corruption => [recovery, height, withoutCopy, coordinated, binary, within];

    public static Command Create(CommandContext context)
    {
        var self = new RunCommand();
        var command = new Command("run", "Start a runbook.")
        {
            self.runbook, self.node, self.cure, self.recovery, self.kind, self.height, self.withoutCopy, self.coordinated, self.binary, self.within, self.backup, self.configuration, self.at, self.incidentClass, self.reason, self.ticket, self.mode, self.dryRun,
            self.since, self.ended, self.id, self.watch,
        };
        command.Validators.Add(result =>
        {
            // Where the runbook itself is wrong, its own error says so.
            var type = result.GetResult(self.runbook) is { } named && !named.Errors.Any() ? result.GetValue(self.runbook) : null;
            Option[] foreign = type switch
            {
                WorkflowTypes.NodeFailure => [self.kind, self.at, self.ended, .. self.Corruption],
                WorkflowTypes.DataCorruption => [self.cure, self.at, self.ended],
                WorkflowTypes.BackupRestore => [self.cure, self.ended, .. self.Corruption],
                WorkflowTypes.SignerMove => [self.kind, self.at, self.cure, self.backup, self.configuration, .. self.Corruption],
                _ => [],
            };
            foreach (var option in foreign.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError($"{option.Name} is not for {type}.");
            }

            if (type is not null and not WorkflowTypes.DataCorruption && result.GetResult(self.node) is { Errors: var bad } && !bad.Any() && result.GetValue(self.node) is { Length: > 1 })
            {
                result.AddError($"--node is given more than once: {type} is for one node.");
            }

            IReadOnlyList<string> kinds = type == WorkflowTypes.DataCorruption ? CorruptionKinds.All : BackupKinds.All;
            if (type is not null && result.GetResult(self.kind) is { Errors: var wrong } && !wrong.Any() && result.GetValue(self.kind) is { } kind && !kinds.Contains(kind))
            {
                result.AddError($"--kind {kind} is not for {type}: allowed are {string.Join(", ", kinds)}.");
            }

            if (type == WorkflowTypes.DataCorruption && result.GetResult(self.incidentClass) is { Implicit: false } && result.GetValue(self.incidentClass) != "D4")
            {
                result.AddError($"--class is D4 for {type}.");
            }

            if (type is WorkflowTypes.NodeFailure or WorkflowTypes.SignerMove && result.GetResult(self.incidentClass) is { Implicit: false } && result.GetValue(self.incidentClass) != "D1")
            {
                result.AddError($"--class is D1 for {type}: corruption of several nodes is RB-DR-004.");
            }

            if (type == WorkflowTypes.DataCorruption && result.GetResult(self.coordinated) is null && new Option[] { self.binary, self.within }.Any(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError("--binary and --within belong to --coordinated VERSION.");
            }

            if (result.GetResult(self.at) is not null && result.GetResult(self.backup) is not null)
            {
                result.AddError("--at and --backup exclude each other: name a time or a backup.");
            }

            if (result.GetValue(self.dryRun) && result.GetResult(self.mode) is { Implicit: false })
            {
                result.AddError("--dry-run and --mode exclude each other: a dry run is a mode of its own.");
            }
        });
        return context.Bind(command, self.RunAsync);
    }

    private async Task<int> RunAsync(CliSession session, ParseResult parsed, CancellationToken cancellationToken)
    {
        var type = parsed.GetRequiredValue(runbook);
        object input = type switch
        {
            WorkflowTypes.NodeFailure => Failure(session, parsed),
            WorkflowTypes.DataCorruption => Corrupt(session, parsed),
            WorkflowTypes.SignerMove => Move(session, parsed),
            _ => Restore(session, parsed),
        };
        var target = parsed.GetRequiredValue(node) is [var first, _, ..] several ? FormattableString.Invariant($"{first}-and-{several.Length - 1}-more") : parsed.GetRequiredValue(node)[0];
        var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var run = parsed.GetValue(id) ?? RunClient.NewId(type, target, DateTimeOffset.UtcNow);
        await runs.StartAsync(type, run, input, $"{type} on {target}" + (parsed.GetValue(reason) is { } why ? ": " + why : ""), cancellationToken)
            .ConfigureAwait(false);
        if (parsed.GetValue(watch) || parsed.GetValue(dryRun))
        {
            session.Say($"started {run}");
            return await WatchRuns.FollowAsync(session, runs, run, cancellationToken).ConfigureAwait(false);
        }

        if (session.Settings.Json)
        {
            session.Json(new { workflowId = run, runbook = type, input });
        }
        else
        {
            session.Line($"started {run}");
            session.Line($"follow:  virtengine-dr status {run} --watch");
        }

        return ExitCodes.Ok;
    }

    private static string? Operator(CliSession session) => session.Settings.By is { Length: > 0 } by ? by : null;

    private BackupRestoreInput Restore(CliSession session, ParseResult parsed) => new()
    {
        Node = parsed.GetRequiredValue(node)[0],
        Kind = parsed.GetValue(kind) ?? BackupKinds.ChainState,
        Backup = parsed.GetValue(backup) ?? new BackupRestoreInput().Backup,
        Configuration = parsed.GetValue(configuration) ?? new BackupRestoreInput().Configuration,
        At = parsed.GetValue(at),
        Mode = Mode(session, parsed),
        IncidentClass = parsed.GetValue(incidentClass) ?? new BackupRestoreInput().IncidentClass,
        Operator = Operator(session),
        Reason = parsed.GetValue(reason),
        Ticket = parsed.GetValue(ticket),
        TriggeredAt = parsed.GetValue(since),
    };

    private NodeFailureInput Failure(CliSession session, ParseResult parsed) => new()
    {
        Node = parsed.GetRequiredValue(node)[0],
        Cure = parsed.GetRequiredValue(cure),
        Backup = parsed.GetValue(backup) ?? new NodeFailureInput().Backup,
        Configuration = parsed.GetValue(configuration) ?? new NodeFailureInput().Configuration,
        Mode = Mode(session, parsed),
        Operator = Operator(session),
        Reason = parsed.GetValue(reason),
        Ticket = parsed.GetValue(ticket),
        TriggeredAt = parsed.GetValue(since),
    };

    private DataCorruptionInput Corrupt(CliSession session, ParseResult parsed) => new()
    {
        Node = parsed.GetRequiredValue(node) is [var only] ? only : "",
        Nodes = parsed.GetRequiredValue(node) is { Length: > 1 } several ? several : [],
        Kind = parsed.GetValue(kind) ?? CorruptionKinds.State,
        Height = parsed.GetValue(height),
        Recovery = parsed.GetRequiredValue(recovery),
        Backup = parsed.GetValue(backup) ?? new DataCorruptionInput().Backup,
        Configuration = parsed.GetValue(configuration) ?? new DataCorruptionInput().Configuration,
        Coordinated = parsed.GetValue(coordinated) is { } version ? new() { Version = version, Binaries = parsed.GetValue(binary) ?? [], Within = TimeSpan.FromHours(parsed.GetValue(within)) } : null,
        WithoutCopy = parsed.GetValue(withoutCopy),
        Mode = Mode(session, parsed),
        Operator = Operator(session),
        Reason = parsed.GetValue(reason),
        Ticket = parsed.GetValue(ticket),
        TriggeredAt = parsed.GetValue(since),
    };

    private SignerMoveInput Move(CliSession session, ParseResult parsed) => new()
    {
        Node = parsed.GetRequiredValue(node)[0],
        Ended = [.. (parsed.GetValue(ended) ?? []).Select(SignerEndCommand.Read)],
        Mode = Mode(session, parsed),
        Operator = Operator(session),
        Reason = parsed.GetValue(reason),
        Ticket = parsed.GetValue(ticket),
        TriggeredAt = parsed.GetValue(since),
    };

    private RunMode Mode(CliSession session, ParseResult parsed) => parsed.GetValue(dryRun) ? RunMode.DryRun
        : parsed.GetValue(mode) is { } named ? (named == "live" ? RunMode.Live : RunMode.Practice)
        : session.EstateIsSimulated() ? RunMode.Practice : RunMode.Live;
}
