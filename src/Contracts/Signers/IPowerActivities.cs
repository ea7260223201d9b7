using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Signers;

/// <summary>
/// The chain's power budget (docs/signing.md); control queue. The register and what independent RPCs show decide; every call may be repeated. A refusal
/// is an answer and no failure.
/// </summary>
public interface IPowerActivities
{
    /// <summary>Whether a validator could be touched now, and who holds reservations. Changes nothing.</summary>
    [Activity("power.look")]
    Task<PowerBudgetReport> LookAsync(PowerQuery query);

    /// <summary>
    /// Reserves a validator's power, or says why not. Asking again with the same id is the same reservation, judged anew by who signs now. Waits a while for
    /// reservations of ended runs whose validators sign.
    /// </summary>
    [Activity("power.reserve")]
    Task<PowerBudgetReport> ReserveAsync(PowerReserve reserve);

    /// <summary>The asker touches the validator no more: its reservation lapses with the next signature that is seen.</summary>
    [Activity("power.release")]
    Task<PowerBudgetReport> ReleaseAsync(PowerReserve reserve);
}
