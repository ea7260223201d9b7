using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What is wrong with a node, by which evidence, and which cures fit.</summary>
/// <param name="Class">The class.</param>
/// <param name="Evidence">What it was read from, for people.</param>
/// <param name="Cures">What may be tried, the cheapest first; empty where there is nothing to cure.</param>
/// <param name="Why">Why just these.</param>
public sealed record Diagnosis(FailureClass Class, string Evidence, IReadOnlyList<string> Cures, string Why)
{
    private static readonly string[] Standing = [HealthFindings.Silent, HealthFindings.Standing, HealthFindings.OldBlock, HealthFindings.Alone];

    /// <summary>True where a run can do nothing and a person must.</summary>
    public bool Helpless => Class is FailureClass.UpgradeHalt or FailureClass.ChainHalted or FailureClass.NoSpace or FailureClass.TwoSigners or FailureClass.Unknown;

    /// <summary>Classes a failure from two vantage points: the node's own host, and its RPC beside others' as the control workers see it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="host">Its host's view.</param>
    /// <param name="health">Its health from outside; null where it has no RPC to ask.</param>
    public static Diagnosis Of(NodeSpec node, NodeObservation host, HealthReport? health)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(host);
        Symptom? Saying(string kind) => host.Symptoms.FirstOrDefault(symptom => symptom.Kind == kind);
        bool Found(string finding) => health?.Findings.Contains(finding) == true;
        var outside = health is null ? "no RPC to ask from outside" : $"from outside {health.Health}: {string.Join("; ", health.Reasons)}";
        var chain = node.Kind is NodeKind.Validator or NodeKind.Full or NodeKind.Archive;

        // The order is the table: what forbids a cure comes before what asks for one, and what a restart cannot mend before what it may.
        if (Saying(Symptoms.ConflictingVote) is { } two)
        {
            return new(FailureClass.TwoSigners, two.Line, [], "two processes sign for one key: stop both and run RB-DR-005; nothing here starts or restarts it");
        }

        if (host.Process == ProcessState.Running && Saying(Symptoms.SignerGone) is { } unsigned)
        {
            return new(FailureClass.Crashed, unsigned.Line, [Contracts.Nodes.Cures.Restart], "what signs for it starts through its gate, and the node after it");
        }

        if (health?.Health == Health.Healthy)
        {
            return new(FailureClass.None, outside, [], "it is healthy");
        }

        if (Saying(Symptoms.UpgradeNeeded) is { } upgrade)
        {
            return new(FailureClass.UpgradeHalt, upgrade.Line, [], "a planned upgrade halts every node: install the new binary and start it; a cure or a failover would not help");
        }

        if (Saying(Symptoms.NoSpace) is { } full)
        {
            return new(FailureClass.NoSpace, full.Line, [], "its disk is full: free space or enlarge it, then start this run again");
        }

        if (host.MissingFromHome.Count > 0 || (chain && !host.DataPresent))
        {
            var gone = host.MissingFromHome.Count > 0 ? string.Join(", ", host.MissingFromHome) + " missing" : "no databases in its data folder";
            return new(FailureClass.DiskLost, gone, [Contracts.Nodes.Cures.Restore], "there is nothing to restart on");
        }

        if ((Saying(Symptoms.CorruptStore) ?? Saying(Symptoms.AppHash)) is { } torn)
        {
            return new(FailureClass.Corrupt, torn.Line, [Contracts.Nodes.Cures.Restore], "a restart reads the same torn data again");
        }

        if (Found(HealthFindings.AppHashDiffers))
        {
            return new(FailureClass.Corrupt, outside, [Contracts.Nodes.Cures.Restore], "its state is not the chain's, and a restart keeps it");
        }

        return host.Process switch
        {
            ProcessState.Stopped => Restartable(FailureClass.Crashed, $"its process is gone; {outside}", chain),
            ProcessState.Frozen => Restartable(FailureClass.Stuck, $"its process stands still, stopped by a signal or the freezer; {outside}", chain),
            ProcessState.Running when health is null => new(FailureClass.Unknown, "its process runs, and it has no RPC to ask", [], "nothing shows that it failed; --cure restart restarts it all the same"),
            ProcessState.Running when Found(HealthFindings.ChainStands) => new(FailureClass.ChainHalted, outside, [], "every reference stands as it does: look at the validators (RB-DR-004), a restart here mends nothing"),
            ProcessState.Running when Array.Exists(Standing, Found) => Restartable(FailureClass.Stuck, $"its process runs; {outside}", chain),
            ProcessState.Running when Found(HealthFindings.CatchingUp) || Found(HealthFindings.Behind) => new(FailureClass.CatchingUp, outside, [], "it advances: it needs time, and a restart would cost more"),
            _ => new(FailureClass.Unknown, $"{string.Join("; ", host.Unknowns)}; {outside}", [], "what was seen does not say what is wrong; look at it, or name a cure with --cure"),
        };
    }

    private static Diagnosis Restartable(FailureClass found, string evidence, bool chain) => new(
        found, evidence, chain ? [Contracts.Nodes.Cures.Restart, Contracts.Nodes.Cures.Restore] : [Contracts.Nodes.Cures.Restart], "a restart costs seconds and loses nothing; where it does not help, the data is replaced");
}
