using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Recovery;

/// <summary>The plan of a coordinated recovery; control queue.</summary>
public interface IRecoveryPlanActivities
{
    /// <summary>
    /// The app hash after a height and the validators. <see cref="ErrorTypes.Unavailable"/> where nobody can say, <see cref="ErrorTypes.Untrusted"/> where they
    /// contradict each other. Reads only.
    /// </summary>
    [Activity("recovery-plan.facts")]
    Task<PlanFacts> FactsAsync(PlanQuery query);

    /// <summary>Writes a signed plan, reads it back and verifies it. Writing it twice changes nothing.</summary>
    [Activity("recovery-plan.keep")]
    Task<PlanReceipt> KeepAsync(PlanKeeping command);

    /// <summary>Looks inside one heartbeating call until enough power is seen or said to have carried it out, or the time is over. Reads only.</summary>
    [Activity("recovery-plan.watch")]
    Task<PlanProgress> WatchAsync(PlanWatch watch);
}

/// <summary>Signs a plan where the private key is (queue <c>dr-node-&lt;name&gt;</c>).</summary>
public interface IRecoveryPlanSigningActivities
{
    /// <summary>Signs a plan whose bytes people approved and whose app hash the host's own look confirms; <see cref="ErrorTypes.Untrusted"/> where it does not.</summary>
    [Activity("recovery-plan.sign")]
    Task<SignedPlan> SignAsync(PlanSigning command);
}
