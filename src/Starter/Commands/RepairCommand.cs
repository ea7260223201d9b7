using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Repairs;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>repair RUN</c>: what a run that ended badly left behind, as a plan; then its repair, or an approved release of its locks.</summary>
internal sealed class RepairCommand
{
    private const int ShortestDigest = 8;

    private readonly Argument<string> run = new("RUN") { Description = "The run that ended without releasing its locks." };

    private readonly Option<bool> adopt = new("--adopt") { Description = "Leave the world as it is; without it the repair unwinds." };

    private readonly Option<string?> confirm = new("--confirm") { HelpName = "DIGEST", Description = "Start the repair by this plan (8 characters suffice)." };

    private readonly Option<bool> release = new("--release") { Description = "Free the locks without a repair: for what was put right by hand." };

    private readonly Option<string?> approvedBy = new("--approved-by") { HelpName = "NAME", Description = "Who else agrees to the release." };

    private readonly Option<string?> why = new("--why") { HelpName = "TEXT", Description = "Why; stands in the journal." };

    private readonly Option<bool> watch = new("--watch", "-w") { Description = "Follow the repair to its end; the exit code is the outcome's." };

    public static Command Create(CommandContext context)
    {
        var self = new RepairCommand();
        var command = new Command("repair", "Show what a killed or reset run left undone, and settle it: the only way to its locks.")
        {
            self.run, self.adopt, self.confirm, self.release, self.approvedBy, self.why, self.watch,
        };
        command.Validators.Add(result =>
        {
            var releases = result.GetValue(self.release);
            if (releases && (result.GetValue(self.adopt) || result.GetResult(self.confirm) is not null || result.GetValue(self.watch)))
            {
                result.AddError("--release excludes --adopt, --confirm and --watch: it starts no repair.");
            }

            if (releases && (string.IsNullOrWhiteSpace(result.GetValue(self.approvedBy)) || string.IsNullOrWhiteSpace(result.GetValue(self.why))))
            {
                result.AddError("--release needs --approved-by NAME (another person) and --why TEXT.");
            }

            if (!releases && result.GetResult(self.approvedBy) is not null)
            {
                result.AddError("--approved-by belongs to --release; a repair asks for its approval itself.");
            }
        });
        return context.Bind(command, self.RunAsync);
    }

    private async Task<int> RunAsync(CliSession session, ParseResult parsed, CancellationToken cancellationToken)
    {
        var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var book = new RepairBook(runs);
        var found = await book.FindAsync(parsed.GetRequiredValue(run), cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(release))
        {
            return await ReleaseAsync(session, parsed, book, found, cancellationToken).ConfigureAwait(false);
        }

        var adopts = parsed.GetValue(adopt);
        var digest = found.Left is { } left ? UndoLines.RepairDigest(left, adopts) : null;
        if (parsed.GetValue(confirm) is not { } given)
        {
            Show(session, found, adopts, digest);
            return ExitCodes.Ok;
        }

        if (digest is null || given.Length < ShortestDigest || !digest.StartsWith(given, StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException(
                ErrorTypes.Conflict,
                digest is null
                    ? $"The journal of '{found.Holder.WorkflowId}' is not known, so no repair can be planned; its locks are freed by --release."
                    : $"The plan is {VerbCommands.Short(digest)} now, not {given}. Look again: virtengine-dr repair {found.Holder.WorkflowId}{(adopts ? " --adopt" : "")}");
        }

        var id = await book.StartAsync(found, adopts, digest, session.Settings.By, parsed.GetValue(why), cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(watch))
        {
            session.Say($"started {id}");
            return await WatchRuns.FollowAsync(session, runs, id, cancellationToken).ConfigureAwait(false);
        }

        if (session.Settings.Json)
        {
            session.Json(new { workflowId = id, run = found.Holder.WorkflowId, adopt = adopts, digest });
        }
        else
        {
            session.Line($"started {id}");
            session.Line($"approve: virtengine-dr approve {id}");
        }

        return ExitCodes.Ok;
    }

    private async Task<int> ReleaseAsync(CliSession session, ParseResult parsed, RepairBook book, OrphanedRun found, CancellationToken cancellationToken)
    {
        var replies = await book.ReleaseAsync(
            found, session.Settings.By, parsed.GetValue(approvedBy)!, parsed.GetValue(why)!, cancellationToken).ConfigureAwait(false);
        if (session.Settings.Json)
        {
            session.Json(replies);
        }
        else
        {
            foreach (var reply in replies)
            {
                session.Line($"{reply.State.Id}: {reply.Message}");
            }
        }

        return replies.All(r => r.Released) ? ExitCodes.Ok : ExitCodes.Refused;
    }

    private static void Show(CliSession session, OrphanedRun found, bool adopts, string? digest)
    {
        var id = found.Holder.WorkflowId;
        var lines = found.Left is { } left ? UndoLines.Repair(left, adopts) : [];
        if (session.Settings.Json)
        {
            session.Json(new { run = id, found.Holder, found.Status, locks = found.Locks, adopt = adopts, digest, plan = lines, steps = found.Last?.Steps });
            return;
        }

        session.Line($"{id} ({found.Holder.Runbook}, {found.Holder.Operator}: {found.Holder.Reason}) ended: {found.Status}");
        session.Line($"orphaned: {string.Join(", ", found.Locks.Select(l => l.Id))}");
        foreach (var step in (found.Last?.Steps ?? []).Where(s => s.Status is not (StepStatus.Waiting or StepStatus.LeftOut)))
        {
            session.Line($"  {step.Number} {step.Id}: {step.Status} {step.Detail ?? step.Error}".TrimEnd());
        }

        if (digest is null)
        {
            session.Line("Its journal is not known (a backup has none): look at the target by hand, then free the locks:");
        }
        else
        {
            session.Line(lines.Count == 0 ? "Nothing that it did is left to undo: its repair frees the locks." : $"Repair plan {VerbCommands.Short(digest)}:");
            foreach (var line in lines)
            {
                session.Line("  " + line);
            }

            session.Line($"Nothing is done yet. To {(adopts ? "leave it so" : "unwind")}: virtengine-dr repair {id}{(adopts ? " --adopt" : "")} --confirm {VerbCommands.Short(digest)}");
            session.Line(adopts ? $"To unwind instead: virtengine-dr repair {id}" : $"To leave the world as it is instead: virtengine-dr repair {id} --adopt");
            session.Line("Or, where it was put right by hand:");
        }

        session.Line($"  virtengine-dr repair {id} --release --approved-by NAME --why \"TEXT\"");
    }
}
