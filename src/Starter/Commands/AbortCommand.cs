using System.CommandLine;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>abort</c>, in two phases: first the unwinding plan and its digest, then the confirmation by that digest.</summary>
internal static class AbortCommand
{
    /// <summary>How long the first phase waits for what is in flight before it leaves the plan to a second look.</summary>
    private static readonly TimeSpan PlanLimit = TimeSpan.FromSeconds(60);

    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Optional();
        var confirm = new Option<string?>("--confirm") { HelpName = "DIGEST", Description = "Unwind by this plan (8 characters suffice)." };
        var why = new Option<string?>("--why") { HelpName = "TEXT", Description = "Why; stands in the journal." };
        var command = new Command("abort", "Stop a run before its commit and unwind it: shows the unwinding plan first, acts when that is confirmed.")
        {
            run, confirm, why,
        };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var id = await runs.ResolveAsync(parsed.GetValue(run), cancellationToken).ConfigureAwait(false);
            var message = new VerbMessage { By = session.Settings.By, Why = parsed.GetValue(why), Digest = parsed.GetValue(confirm) };
            var result = await VerbSender.SendAsync(runs, id, Verbs.Abort, message, null, cancellationToken).ConfigureAwait(false);
            if (result.Accepted == true && message.Digest is null)
            {
                result = result with { State = await PlanAsync(session, runs, id, result.State!, cancellationToken).ConfigureAwait(false) };
            }

            var code = VerbOutput.Write(session, result);
            if (!session.Settings.Json && message.Digest is null && result.State is { Unwinding: { } plan, Phase: RunPhase.Unwinding } state)
            {
                foreach (var line in RunText.PlanLines(state with { Plan = null, Facts = [] }))
                {
                    session.Line(line);
                }

                session.Line($"Nothing is undone yet. To unwind: virtengine-dr abort {id} --confirm {VerbCommands.Short(plan.Digest)}");
                session.Line($"To go on instead:  virtengine-dr resume {id}");
            }

            return code;
        });
    }

    /// <summary>The unwinding plan is made when nothing is in flight any more.</summary>
    private static async Task<RunState> PlanAsync(
        CliSession session, RunClient runs, string id, RunState state, CancellationToken cancellationToken)
    {
        var until = DateTimeOffset.UtcNow + PlanLimit;
        for (var said = false; state is { Unwinding: null, Phase: not RunPhase.Closed } && DateTimeOffset.UtcNow < until; said = true)
        {
            if (!said)
            {
                session.Say("Waiting for what is in flight ...");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken).ConfigureAwait(false);
            state = await runs.StateAsync(id, cancellationToken).ConfigureAwait(false);
        }

        return state;
    }
}
