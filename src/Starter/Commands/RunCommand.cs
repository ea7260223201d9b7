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
internal sealed partial class RunCommand
{
    private readonly Argument<string> runbook = new Argument<string>("RUNBOOK") { Description = "RB-DR-001: cure a failed node. RB-DR-004: recover a node whose data is corrupt. RB-DR-006: restore a backup. SignerMove: let a validator sign on this node's host, and nowhere else. RB-DR-002: empty a zone. ZoneFailback: bring it home." }
        .Among([.. RunClient.Runbooks]);

    private readonly ZoneInputs zone = new();

    private readonly Option<string[]> node = new("--node")
    {
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
        foreach (var option in self.zone.Options)
        {
            command.Add(option);
        }

        command.Validators.Add(self.Check);
        self.node.DefaultValueFactory = _ => [];
        self.Need(self.node, type => !ZoneInputs.IsFor(type));
        foreach (var option in self.zone.Needed)
        {
            self.Need(option, ZoneInputs.IsFor);
        }

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
            WorkflowTypes.ZoneFailover or WorkflowTypes.ZoneFailback => zone.Input(type, parsed, new(Mode(session, parsed), Operator(session), parsed.GetValue(reason), parsed.GetValue(ticket), parsed.GetValue(since))),
            _ => Restore(session, parsed),
        };
        var target = ZoneInputs.IsFor(type) ? zone.Target(parsed) : parsed.GetRequiredValue(node) is [var first, _, ..] several ? FormattableString.Invariant($"{first}-and-{several.Length - 1}-more") : parsed.GetRequiredValue(node)[0];
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
