using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using Cure = VirtEngine.DR.Contracts.Nodes.Cures;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What is wrong with a node, by which evidence, and which cures fit.</summary>
/// <param name="Class">The class.</param>
/// <param name="Evidence">What it was read from, for people.</param>
/// <param name="Cures">What may be tried, the cheapest first; empty where there is nothing to cure.</param>
/// <param name="Why">Why just these.</param>
public sealed record Diagnosis(FailureClass Class, string Evidence, IReadOnlyList<string> Cures, string Why)
{
    private static readonly string[] Standing =
        [HealthFindings.Silent, HealthFindings.Standing, HealthFindings.OldBlock, HealthFindings.Alone, HealthFindings.BadAnswer, HealthFindings.Stale];

    /// <summary>What a node shows whose peers are gone; one that is silent is more than cut off.</summary>
    private static readonly string[] WithoutPeers = [HealthFindings.Alone, HealthFindings.Standing, HealthFindings.OldBlock];

    /// <summary>True where a run can do nothing and a person must.</summary>
    public bool Helpless => Class is FailureClass.UpgradeHalt or FailureClass.ChainHalted or FailureClass.NoSpace or FailureClass.TwoSigners or FailureClass.Unknown or FailureClass.Unreachable
        || (Class == FailureClass.Corrupt && Cures.Count == 0);

    /// <summary>Classes a failure from several vantage points: the node's own host, and what is seen from outside.</summary>
    /// <param name="node">The node.</param>
    /// <param name="host">Its host's view.</param>
    /// <param name="health">Its health from outside; null where there is nothing to look at.</param>
    /// <param name="cut">Why it is a cut network and no failure of the node; null where nothing says so.</param>
    /// <param name="absent">Nobody takes a call on its host.</param>
    public static Diagnosis Of(NodeSpec node, NodeObservation host, HealthReport? health, string? cut = null, bool absent = false)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(host);
        Symptom? Saying(string kind) => host.Symptoms.FirstOrDefault(symptom => symptom.Kind == kind);
        bool Found(string finding) => health?.Findings.Contains(finding) == true;
        var outside = health is null ? "nothing to ask from outside" : $"from outside {health.Health}: {string.Join("; ", health.Reasons)}";
        var probed = HealthCalls.IsProbed(node.Kind);

        // The order is the table: what forbids a cure comes before what asks for one, and what a restart cannot mend before what it may.
        if (Saying(Symptoms.ConflictingVote) is { } two)
        {
            return new(FailureClass.TwoSigners, two.Line, [], "two processes sign for one key: stop both and run RB-DR-005; nothing here starts or restarts it");
        }

        if (host.Process == ProcessState.Running && Saying(Symptoms.SignerGone) is { } unsigned)
        {
            return new(FailureClass.Crashed, unsigned.Line, [Contracts.Nodes.Cures.Restart], "what signs for it starts through its gate, and the node after it");
        }

        if (health?.Health == Health.Healthy && cut is null)
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

        if (absent)
        {
            return Unreachable(node, $"its node worker does not answer; {outside}", $"look at its host (power, network) or start its worker there (virtengine-dr worker --role node --node {node.Name}), then start this run again");
        }

        if (cut is not null && host.Process is ProcessState.Running or ProcessState.Unknown)
        {
            return Unreachable(node, cut, "it is alive, and the network between is cut: look at firewalls, load balancer, DNS and peers; a restart would mend nothing");
        }

        if (Lost(node, host) is { } gone)
        {
            return new(FailureClass.DiskLost, gone, [Cure.Restore], "there is nothing to restart on");
        }

        if ((Saying(Symptoms.CorruptStore) ?? Saying(Symptoms.AppHash)) is { } torn)
        {
            return node.Kind is NodeKind.Gateway or NodeKind.Monitoring
                ? new(FailureClass.Corrupt, torn.Line, [], "its store is torn, and no backup of it is kept: set its data folder aside and start it, it begins anew")
                : new(FailureClass.Corrupt, torn.Line, [Cure.Restore], "a restart reads the same torn data again");
        }

        if (Found(HealthFindings.AppHashDiffers))
        {
            return new(FailureClass.Corrupt, outside, [Cure.Restore], "its state is not the chain's, and a restart keeps it");
        }

        return host.Process switch
        {
            ProcessState.Stopped => Restartable(FailureClass.Crashed, $"its process is gone; {outside}", node.Kind),
            ProcessState.Frozen => Restartable(FailureClass.Stuck, $"its process stands still, stopped by a signal or the freezer; {outside}", node.Kind),
            ProcessState.Running when health is null => new(FailureClass.Unknown, $"its process runs, and it has no {(probed ? "probe" : "RPC to ask")}", [], "nothing shows that it failed; --cure restart restarts it all the same"),
            ProcessState.Running when Found(HealthFindings.ChainStands) => new(FailureClass.ChainHalted, outside, [], "every reference stands as it does: look at the validators (RB-DR-004), a restart here mends nothing"),
            ProcessState.Running when Found(HealthFindings.Untrusted) => new(FailureClass.Unknown, outside, [], "whoever answers shows a certificate that is not believed: renew it, or find out who answers in its place"),
            ProcessState.Running when Saying(Symptoms.PeersCut) is { } alone && Array.Exists(WithoutPeers, Found) =>
                Unreachable(node, $"{alone.Line}; {outside}", "the network between it and its peers is cut: look at firewalls, routes and the peers themselves; it goes on by itself when they are back, and a restart would mend nothing"),
            ProcessState.Running when Array.Exists(Standing, Found) => Restartable(FailureClass.Stuck, $"its process runs; {outside}", node.Kind),
            ProcessState.Running when Found(HealthFindings.CatchingUp) || Found(HealthFindings.Behind) => new(FailureClass.CatchingUp, outside, [], "it advances: it needs time, and a restart would cost more"),
            _ => new(FailureClass.Unknown, $"{string.Join("; ", host.Unknowns)}; {outside}", [], "what was seen does not say what is wrong; look at it, or name a cure with --cure"),
        };
    }

    /// <summary>The same with another host as its cure; without one where none is named.</summary>
    public Diagnosis WithStandby(string? standby) => Class != FailureClass.Unreachable || standby is null ? this
        : this with { Cures = [Cure.Standby], Why = $"{standby} stands in for it; {Why}" };

    private static string? Lost(NodeSpec node, NodeObservation host) =>
        host.MissingFromHome.Count > 0 ? string.Join(", ", host.MissingFromHome) + " missing"
        : host.HomeEmpty ? "its home is missing or empty"
        : node.Kind == NodeKind.Provider ? host is { DataBytes: 0, Process: ProcessState.Stopped } ? "nothing in its data folder" : null
        : !HealthCalls.IsProbed(node.Kind) && !host.DataPresent ? "no databases in its data folder" : null;

    private static Diagnosis Unreachable(NodeSpec node, string evidence, string advice) => new(
        FailureClass.Unreachable, evidence, [], node.Kind == NodeKind.Validator
            ? $"{advice}. Nothing here starts a validator elsewhere: where its host is lost for good, move its key by SignerMove (virtengine-dr run SignerMove)"
            : $"{advice}. Another host would be the last cure, and only a full node that the estate names as standby ('standbyFor: {node.Name}') may take its place");

    private static Diagnosis Restartable(FailureClass found, string evidence, NodeKind kind) => kind switch
    {
        NodeKind.Gateway or NodeKind.Monitoring => new(found, evidence, [Cure.Restart], "a restart costs seconds and loses nothing; it has no state of its own that a backup could bring back"),
        _ => new(found, evidence, [Cure.Restart, Cure.Restore], "a restart costs seconds and loses nothing; where it does not help, the data is replaced"),
    };
}
