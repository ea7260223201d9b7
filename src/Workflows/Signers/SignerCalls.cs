using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Signers;

/// <summary>The calls that an asker makes, all on the host of a signer.</summary>
/// <param name="target">The node on whose host the key is to be held.</param>
public sealed class SignerCalls(NodeTarget target)
{
    private static readonly TimeSpan SilenceWithin = TimeSpan.FromMinutes(11);

    private string Node => target.Node.Name;

    /// <summary>Who may sign, and what this machine has recorded.</summary>
    public Task<SignerReport> ObserveAsync() => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.ObserveAsync(new(target)), Policies.Probe("asks the register who may sign").OnNode(Node));

    /// <summary>Seals the epochs below.</summary>
    public Task<SealReport> SealAsync(SignerAct act) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.SealAsync(act), Policies.Mutate(Text($"seals the register below epoch {act.Epoch}")).OnNode(Node));

    /// <summary>Fences a possible holder on its own host.</summary>
    public static Task<FenceReport> FenceAsync(SignerAct act) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.FenceAsync(act), Policies.Mutate(Text($"fences {act.Target.Node.Name} below epoch {act.Epoch}")).OnNode(act.Target.Node.Name));

    /// <summary>Waits for the silence.</summary>
    public Task<SilenceReport> AwaitSilenceAsync(SignerAct act) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.AwaitSilenceAsync(act), Policies.Watch("waits for blocks without a signature of the key", SilenceWithin).OnNode(Node));

    /// <summary>Holds statements of ends against the rules.</summary>
    public Task<EndsReport> CheckEndsAsync(SignerEnds ends) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.CheckEndsAsync(ends), Policies.Probe("holds the statements of ends against the rules").OnNode(Node));

    /// <summary>Judges the proofs.</summary>
    public Task<Judgement> JudgeAsync(SignerAsk ask) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.JudgeAsync(ask), Policies.Probe("holds the proofs against the rules").OnNode(Node));

    /// <summary>What the register holds.</summary>
    public Task<SlotReport> SlotAsync(SignerPut put) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.SlotAsync(put), Policies.Probe(Text($"looks at epoch {put.Object.Epoch}")).OnNode(Node));

    /// <summary>Puts the object.</summary>
    public Task<SlotReport> PutAsync(SignerPut put) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.PutAsync(put), Policies.Mutate(Text($"asks for epoch {put.Object.Epoch}")).OnNode(Node));

    /// <summary>Records the grant.</summary>
    public Task<SignerReport> RecordAsync(SignerAct act) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.RecordAsync(act), Policies.Mutate(Text($"records the grant of epoch {act.Epoch}")).OnNode(Node));

    /// <summary>Waits for a signature on the chain.</summary>
    public Task<SignatureReport> AwaitSignatureAsync(SignerName signer, long above, TimeSpan within) => Workflow.ExecuteActivityAsync(
        (ISignerActivities a) => a.AwaitSignatureAsync(new(target, signer, above, within)), Policies.Watch($"waits for a signature of {Node} on the chain", within).OnNode(Node));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
