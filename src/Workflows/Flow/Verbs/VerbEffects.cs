using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What each verb does, once the table lets it pass.</summary>
public sealed class VerbEffects(RunBoard board, Pager pager)
{
    private const int ShortestDigest = 8;

    /// <summary>Applies a verb: whether it had its effect, and a sentence.</summary>
    public (bool Accepted, string Text) Apply(string verb, VerbMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return verb switch
        {
            Verbs.Approve => Approve(message),
            Verbs.Deny => Deny(message),
            Verbs.Pause => Pause(),
            Verbs.Resume => Resume(),
            Verbs.Retry => Decide(message, ParkDecision.Retry),
            Verbs.Skip => Decide(message, ParkDecision.Skip),
            Verbs.Abort => Abort(message),
            Verbs.Switch => Switch(),
            Verbs.Note => (true, string.IsNullOrWhiteSpace(message.Why) ? "(an empty note)" : "Noted."),
            Verbs.Acknowledge => Acknowledge(message),
            Verbs.HandOver => HandOver(message),
            _ => throw new ArgumentException($"no verb {verb}", nameof(verb)),
        };
    }

    private (bool, string) Approve(VerbMessage message)
    {
        var open = board.OpenGate!;
        if (Mismatch(open, message, "approve") is { } mismatch)
        {
            return (false, mismatch);
        }

        var policy = board.Approvals;
        if (policy.Approvers.Count > 0 && !policy.Approvers.Any(a => People.Same(a, message.By)))
        {
            return (false, $"{message.By} may not approve; these may: {string.Join(", ", policy.Approvers)}.");
        }

        if (!policy.StarterMayApprove && People.Same(board.Header.Operator, message.By))
        {
            return (false, $"{message.By} started this run and may not approve it.");
        }

        return open.Approve(message.By)
            ? (true, $"Gate {open.Name}: {open.Approvals.Count} of {open.Required} approval(s) for {open.Digest[..ShortestDigest]}.")
            : (true, $"{message.By} has approved gate {open.Name} already; it counts once.");
    }

    private (bool, string) Deny(VerbMessage message)
    {
        if (board.OpenGate is { } open)
        {
            if (Mismatch(open, message, "deny") is { } mismatch)
            {
                return (false, mismatch);
            }

            open.Deny(message.By);
            return (true, $"Gate {open.Name} is denied.");
        }

        var passed = board.Gates.Find(g => g.Passed && g.Name == message.Gate);
        if (passed is null)
        {
            return (false, $"Name the gate: {string.Join(", ", board.Gates.Where(g => g.Passed).Select(g => g.Name))}.");
        }

        if (Mismatch(passed, message, "deny") is { } wrong)
        {
            return (false, wrong);
        }

        board.Paused = true;
        pager.Page("error", $"gate {passed.Name} was denied by {message.By} after it opened; the run is paused");
        return (true, $"Gate {passed.Name} was open already: the run is paused instead. resume goes on, abort goes back.");
    }

    private (bool, string) Pause()
    {
        board.Paused = true;
        pager.Page("warning", "paused; the clock goes on");
        return (true, "Paused: what runs ends, nothing new starts.");
    }

    private (bool, string) Resume()
    {
        var withdrawn = board.Abort is AbortStage.Asked or AbortStage.AwaitingConfirmation;
        if (withdrawn)
        {
            board.Abort = AbortStage.None;
            board.Unwinding = null;
        }

        board.Paused = false;
        board.Stale = true;
        return (true, withdrawn ? "The abort is withdrawn; the run goes on." : "Goes on.");
    }

    private (bool, string) Decide(VerbMessage message, ParkDecision decision)
    {
        var verb = decision == ParkDecision.Retry ? Verbs.Retry : Verbs.Skip;
        var names = string.Join(", ", board.Parks.Select(p => p.Id));
        var item = message.Step is { Length: > 0 } step ? board.Parks.Find(p => p.Id == step) : board.Parks.Count == 1 ? board.Parks[0] : null;
        if (item is null)
        {
            return (false, $"Name the step to {verb}: {names}.");
        }

        if (decision == ParkDecision.Skip && !item.Skippable)
        {
            return (false, $"{item.Id} may not be skipped; retry or abort.");
        }

        item.Decision = decision;
        return (true, decision == ParkDecision.Retry
            ? $"{item.Id} is tried again, from describe."
            : item.Undo ? $"Leaving out the undo of {item.Id} needs an approval: gate skip-{item.Id}." : $"{item.Id} is left out.");
    }

    private (bool, string) Abort(VerbMessage message)
    {
        switch (board.Abort)
        {
            case AbortStage.None:
                board.Abort = AbortStage.Asked;
                return (true, "Abort: what is in flight ends first, then the unwinding plan is shown and awaits its confirmation.");
            case AbortStage.Asked:
                return (true, "The abort was asked for already; its unwinding plan is not made yet.");
            default:
                var digest = board.Unwinding!.Digest;
                if (!Matches(digest, message.Digest))
                {
                    return (false, $"Confirm the unwinding plan by its digest: {digest[..ShortestDigest]}. resume goes on instead.");
                }

                board.Abort = AbortStage.AtWork;
                return (true, "The unwinding is confirmed.");
        }
    }

    private (bool, string) Switch()
    {
        board.Ungraceful = true;
        board.Stale = true;
        return (true, "Ungraceful from here on: a new plan without the lost side, and a gate.");
    }

    private (bool, string) Acknowledge(VerbMessage message)
    {
        board.AcknowledgedBy = message.By.Trim();
        board.Escalation.Acknowledged(message);
        return (true, $"{board.AcknowledgedBy} is on it.");
    }

    private (bool, string) HandOver(VerbMessage message)
    {
        if (string.IsNullOrWhiteSpace(message.To))
        {
            return (false, "Say to whom (to).");
        }

        board.HandedTo = message.To.Trim();
        board.Escalation.HandedOver(board.HandedTo, message.By);
        return (true, $"{board.HandedTo} has the run now.");
    }

    private static string? Mismatch(Gate gate, VerbMessage message, string verb)
    {
        if (message.Gate != gate.Name)
        {
            return $"Name the gate to {verb}: {gate.Name}{(string.IsNullOrEmpty(message.Gate) ? "" : $", not {message.Gate}")}.";
        }

        return Matches(gate.Digest, message.Digest)
            ? null
            : $"Give the digest of the plan that you read, at least {ShortestDigest} characters of it. It is {gate.Digest[..ShortestDigest]} now"
              + $"{(string.IsNullOrEmpty(message.Digest) ? "" : $", not {message.Digest}")}.";
    }

    private static bool Matches(string digest, string? given) =>
        given is { Length: >= ShortestDigest } && digest.StartsWith(given, StringComparison.OrdinalIgnoreCase);
}
