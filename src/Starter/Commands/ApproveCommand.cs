using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>approve</c>: shows the plan of the open gate and approves it by its digest.</summary>
internal static class ApproveCommand
{
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Optional();
        var gate = new Option<string?>("--gate") { HelpName = "NAME", Description = "The gate; without it the only open one." };
        var digest = new Option<string?>("--digest")
        {
            HelpName = "HEX",
            Description = "Approve only this plan (8 characters suffice); without it the plan as it is shown now.",
        };
        var why = new Option<string?>("--why") { HelpName = "TEXT", Description = "A remark for the journal." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask. Needed where nobody sits at the keyboard." };
        var command = new Command("approve", "Approve the open gate of a run, after a look at its plan.") { run, gate, digest, why, yes };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            if (session.Settings.By.Length == 0)
            {
                throw new CliException(ErrorTypes.InvalidInput, "An approval needs a name: --by NAME.");
            }

            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var id = await runs.ResolveAsync(parsed.GetValue(run), cancellationToken).ConfigureAwait(false);
            var state = await StateOrNullAsync(session, runs, id, parsed.GetValue(digest), parsed.GetValue(gate), cancellationToken)
                .ConfigureAwait(false);
            var chosen = state is null ? parsed.GetValue(gate) : OpenGate(state, parsed.GetValue(gate)).Name;
            var shown = parsed.GetValue(digest) ?? (state is null ? null : OpenGate(state, parsed.GetValue(gate)).Digest ?? state.Plan?.Digest);
            if (state is not null && !session.Settings.Json)
            {
                foreach (var line in RunText.PlanLines(state))
                {
                    session.Line(line);
                }
            }

            if (!parsed.GetValue(yes) && !Confirmation.Ask(session, $"Approve gate '{chosen}' of plan {VerbCommands.Short(shown ?? "")} as {session.Settings.By}?"))
            {
                return ExitCodes.Refused;
            }

            var message = new VerbMessage { By = session.Settings.By, Why = parsed.GetValue(why), Gate = chosen, Digest = shown };
            var result = await VerbSender.SendAsync(runs, id, Verbs.Approve, message, null, cancellationToken).ConfigureAwait(false);
            return VerbOutput.Write(session, result);
        });
    }

    /// <summary>The open gate that is meant.</summary>
    internal static GateState OpenGate(RunState state, string? name)
    {
        var open = state.Gates.Where(gate => gate.Open).ToList();
        var names = string.Join(", ", open.Select(gate => gate.Name));
        return (name, open.Count) switch
        {
            (_, 0) => throw new CliException(
                ErrorTypes.Conflict, $"No gate of {state.WorkflowId} is open; it is {Words.Phase(state)}. {state.Headline}"),
            (null, 1) => open[0],
            (null, _) => throw new CliException(ErrorTypes.InvalidInput, $"Several gates are open; name one by --gate: {names}"),
            _ => open.FirstOrDefault(gate => gate.Name == name)
                ?? throw new CliException(ErrorTypes.NotFound, $"Gate '{name}' is not open; open: {names}"),
        };
    }

    private static async Task<RunState?> StateOrNullAsync(
        CliSession session, RunClient runs, string id, string? digest, string? gate, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.StateAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (ErrorTable.Explain(exception) is { Type: ErrorTable.NoWorker } && digest is not null && gate is not null)
        {
            // Who names gate and digest has seen the plan elsewhere; the server can keep the approval.
            session.Say("No worker answers, so the plan cannot be shown; the approval goes by the gate and digest that you named.");
            return null;
        }
    }
}
