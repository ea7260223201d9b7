using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Signers;

/// <summary>What a move accepts.</summary>
public static class SignerMoveRules
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromDays(7);

    /// <summary>Everything that is wrong with the input, each with its field and what is allowed.</summary>
    public static IReadOnlyList<string> Check(SignerMoveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mistakes = new List<string>();
        if (string.IsNullOrWhiteSpace(input.Node))
        {
            mistakes.Add("node: is missing; give the node of the estate on whose host the key is to sign");
        }

        foreach (var twice in input.Ended.GroupBy(end => end.Machine, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            mistakes.Add($"ended: {twice.Key} is ended {twice.Count()} times; give one statement a machine");
        }

        if (input.IncidentClass != "D1")
        {
            mistakes.Add($"incidentClass: \"{input.IncidentClass}\" is not D1");
        }

        if (input.Watch is { } watch && (watch < TimeSpan.Zero || watch > LongestWatch))
        {
            mistakes.Add($"watch: {watch} is not between 0 and {LongestWatch}");
        }

        return mistakes;
    }

    /// <summary>Why the key cannot be moved to this node; null where it can be asked for.</summary>
    public static string? WhyNot(NodeSpec node, SignerReport seen)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(seen);
        return node.Kind != NodeKind.Validator ? $"{node.Name} is of kind {node.Kind}: only a validator signs"
            : seen.NotEnrolled is { } why ? $"{node.Name} has no part in the interlock ({why}): on its host, virtengine-dr signer enrol --node {node.Name} --standby"
            : seen.Epoch == 0 && !seen.Known ? $"key {seen.Signer?.Address} is Unknown to the register: enrol the machine that signs now (virtengine-dr signer enrol); nothing moves before"
            : null;
    }

    /// <summary>Why the node could not sign if it had the right to; null where it could.</summary>
    public static string? NotReady(NodeSpec node, NodeObservation seen)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(seen);
        return seen.MissingFromHome.Count > 0 ? $"the home of {node.Name} lacks {string.Join(", ", seen.MissingFromHome)}: prepare it first (RB-DR-006)"
            : !seen.DataPresent ? $"{node.Name} has no chain data: give it some first (RB-DR-006, or a copy of a synced node), or nobody signs while it syncs"
            : null;
    }

    /// <summary>What the voting power says.</summary>
    public static IEnumerable<string> Risks(string node, PowerReport power)
    {
        ArgumentNullException.ThrowIfNull(power);
        if (power.Total == 0)
        {
            yield return $"how much voting power signs is unknown: what {node} is missing for is not known";
        }
        else if (!VotingPower.GoesOn(power.Signing, power.Total))
        {
            yield return "two thirds or less of the voting power sign: the chain stands, whatever is done here";
        }
        else if (VotingPower.Spare(power) is var spare)
        {
            yield return FormattableString.Invariant($"while the key moves its power does not sign; {100.0 * spare / power.Total:0.0} % of the power may go before the chain halts");
        }
    }
}
