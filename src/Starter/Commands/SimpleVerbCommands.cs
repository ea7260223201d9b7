using System.CommandLine;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>The verbs that need no conversation: one message, one answer.</summary>
internal static class SimpleVerbCommands
{
    public static IEnumerable<Command> Create(CommandContext context)
    {
        yield return Verb(context, Verbs.Deny, "Refuse the open gate of a run.", gate: true);
        yield return Verb(context, Verbs.Pause, "Start no new step; what runs comes to its safe point. The way to just stop.");
        yield return Verb(context, Verbs.Resume, "End a pause; the facts are gathered again first.");
        yield return Verb(context, Verbs.Retry, "Try a failed step again, after a new look at the world.", step: true);
        yield return Verb(context, Verbs.Skip, "Leave a failed step out, where it is declared skippable; the outcome is partial at best.", step: true);
        yield return Verb(context, Verbs.Switch, "Go from graceful to ungraceful: steps that need the lost side are left out; a new plan, a new gate.");
        yield return Verb(context, Verbs.Note, "Write a remark into the journal.", text: true);
        yield return Verb(context, Verbs.Acknowledge, "Say that you are on it; the escalation stops.");
        yield return Verb(context, Verbs.HandOver, "Give the run to somebody else.", to: true);
    }

    private static Command Verb(
        CommandContext context, string verb, string description, bool gate = false, bool step = false, bool text = false, bool to = false)
    {
        var run = RunArgument.Optional();
        var words = new Argument<string?>("TEXT") { Arity = ArgumentArity.ZeroOrOne, Description = "The remark; with one word only, it is the remark." };
        var why = new Option<string?>("--why") { HelpName = "TEXT", Description = "Why; stands in the journal." };
        var gateName = new Option<string?>("--gate") { HelpName = "NAME", Description = "The gate; without it the only open one." };
        var stepId = new Option<string?>("--step") { HelpName = "ID", Description = "The step; needed when two have failed." };
        var receiver = new Option<string>("--to") { HelpName = "NAME", Required = true, Description = "Who takes it." };
        var command = new Command(verb, description) { run };
        if (text)
        {
            command.Add(words);
        }
        else
        {
            command.Add(why);
        }

        if (gate)
        {
            command.Add(gateName);
        }

        if (step)
        {
            command.Add(stepId);
        }

        if (to)
        {
            command.Add(receiver);
        }

        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var (named, remark) = text && parsed.GetValue(words) is null
                ? ((string?)null, parsed.GetValue(run))
                : (parsed.GetValue(run), text ? parsed.GetValue(words) : parsed.GetValue(why));
            if (text && string.IsNullOrWhiteSpace(remark))
            {
                throw new Errors.CliException(Contracts.ErrorTypes.InvalidInput, "A note needs its text: virtengine-dr note RUN \"TEXT\".");
            }

            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var id = await runs.ResolveAsync(named, cancellationToken).ConfigureAwait(false);
            var message = new VerbMessage { By = session.Settings.By, Why = remark };
            if (gate)
            {
                var state = await runs.StateAsync(id, cancellationToken).ConfigureAwait(false);
                var open = ApproveCommand.OpenGate(state, parsed.GetValue(gateName));
                message = message with { Gate = open.Name, Digest = open.Digest ?? state.Plan?.Digest };
            }

            message = step ? message with { Step = parsed.GetValue(stepId) } : to ? message with { To = parsed.GetRequiredValue(receiver) } : message;
            return VerbOutput.Write(session, await VerbSender.SendAsync(runs, id, verb, message, null, cancellationToken).ConfigureAwait(false));
        });
    }
}
