using System.Globalization;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>How the facts of a failed node read, and which risks follow from them.</summary>
public static class NodeFailureFacts
{
    /// <summary>Its host's view.</summary>
    public static string Describe(NodeObservation node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var data = node.DataPresent ? Text($"data {node.DataBytes} bytes") : "no data";
        var symptoms = node.Symptoms.Count == 0 ? "" : "; its log: " + string.Join("; ", node.Symptoms.Select(symptom => $"{symptom.Kind}: {symptom.Line}"));
        return Text($"{node.Process}, {data}, {node.FreeBytes} bytes free, sign state {node.SignState ?? "none"}{symptoms}");
    }

    /// <summary>What people should know.</summary>
    public static IReadOnlyList<string> Risks(NodeSpec spec, NodeObservation node, Diagnosis found, CureLadder ladder, string? noStart)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(ladder);
        var risks = new List<string>();
        if (spec.Kind == NodeKind.Validator || node.HoldsConsensusKey)
        {
            risks.Add(noStart is null
                ? $"{spec.Name} may sign blocks: it starts through its gate only, which asks who may sign"
                : $"{spec.Name} may sign blocks: it stays stopped until it is proven that no other copy of its key runs");
        }

        if (found.Class == FailureClass.None && ladder.Names.Count > 0)
        {
            risks.Add($"{spec.Name} is healthy: a cure takes it out of service");
        }

        if (node.Process == ProcessState.Frozen)
        {
            risks.Add(node.Hung
                ? "a signal stopped its process (SIGSTOP): the restart ends it"
                : "its process is traced or its control group frozen: somebody did that on purpose, and it is not touched; let it go on or end it, then retry");
        }

        risks.AddRange(node.Unknowns.Select(unknown => "unknown: " + unknown));
        return risks;
    }

    /// <summary>What the voting power says about this node.</summary>
    public static IReadOnlyList<string> PowerRisks(NodeSpec spec, bool signs, PowerReport power)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(power);
        var risks = new List<string>();
        if (power.Total > 0 && !VotingPower.GoesOn(power.Signing, power.Total))
        {
            risks.Add("two thirds or less of the voting power sign: the chain stands, whatever is done here");
        }
        else if (signs && power.Total == 0)
        {
            risks.Add($"how much voting power signs is unknown: what {spec.Name} is missing for is not known");
        }

        return risks;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
