using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>run RUNBOOK</c>: starts a runbook.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string> runbook = new Argument<string>("RUNBOOK") { Description = "RB-DR-006: restore a backup." }
        .Among([.. RunClient.Runbooks]);

    private readonly Option<string> node = new("--node") { Required = true, HelpName = "NAME", Description = "The node, as the estate names it." };

    private readonly Option<string> kind = new Option<string>("--kind")
    {
        HelpName = "KIND",
        Description = "What to restore: " + string.Join(", ", BackupKinds.All) + ".",
        DefaultValueFactory = _ => BackupKinds.ChainState,
    }.AcceptOnlyFromAmong([.. BackupKinds.All]);

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

    private readonly Option<DateTimeOffset?> at = TimeOption.Create("--at", "The newest backup at or before this time (ISO 8601, UTC).");

    private readonly Option<string> incidentClass = new Option<string>("--class")
    {
        HelpName = "D1|D4",
        Description = "D1 a lost disk, D4 corruption: decides the objective and who is told.",
        DefaultValueFactory = _ => "D1",
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

    private readonly Option<string?> id = new("--id") { HelpName = "RUN", Description = "The run's id (default: made from runbook, node and time)." };

    private readonly Option<bool> watch = new("--watch", "-w") { Description = "Follow it to its end; the exit code is the outcome's." };

    public static Command Create(CommandContext context)
    {
        var self = new RunCommand();
        var command = new Command("run", "Start a runbook.")
        {
            self.runbook, self.node, self.kind, self.backup, self.configuration, self.at, self.incidentClass, self.reason, self.ticket, self.mode, self.dryRun,
            self.since, self.id, self.watch,
        };
        command.Validators.Add(result =>
        {
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
        var input = Input(session, parsed);
        var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var run = parsed.GetValue(id) ?? RunClient.NewId(type, input.Node, DateTimeOffset.UtcNow);
        await runs.StartAsync(type, run, input, $"{type} on {input.Node}" + (input.Reason is { } why ? ": " + why : ""), cancellationToken)
            .ConfigureAwait(false);
        if (parsed.GetValue(watch) || input.Mode == RunMode.DryRun)
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

    private BackupRestoreInput Input(CliSession session, ParseResult parsed) => new()
    {
        Node = parsed.GetRequiredValue(node),
        Kind = parsed.GetRequiredValue(kind),
        Backup = parsed.GetValue(backup) ?? new BackupRestoreInput().Backup,
        Configuration = parsed.GetValue(configuration) ?? new BackupRestoreInput().Configuration,
        At = parsed.GetValue(at),
        Mode = parsed.GetValue(dryRun) ? RunMode.DryRun
            : parsed.GetValue(mode) is { } named ? (named == "live" ? RunMode.Live : RunMode.Practice)
            : session.EstateIsSimulated() ? RunMode.Practice : RunMode.Live,
        IncidentClass = parsed.GetRequiredValue(incidentClass),
        Operator = session.Settings.By is { Length: > 0 } by ? by : null,
        Reason = parsed.GetValue(reason),
        Ticket = parsed.GetValue(ticket),
        TriggeredAt = parsed.GetValue(since),
    };
}
