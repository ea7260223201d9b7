using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Forensics;

/// <summary>
/// The copy for analysis that comes before anything destructive, on the node's own host (queue <c>dr-node-&lt;name&gt;</c>): everything as it is,
/// torn tables and the signing state too, never a private key. It is evidence; no restore takes it.
/// </summary>
public interface IForensicActivities
{
    /// <summary>What a copy would hold, where it would go, how long it would be locked and how long it would take. Reads only.</summary>
    [Activity("forensics.forecast")]
    Task<ForensicForecast> ForecastAsync(ForensicAct act);

    /// <summary>How far this run's (the key's first run id) copy is. Reads only.</summary>
    [Activity("forensics.look")]
    Task<ForensicState> LookAsync(ForensicAct act);

    /// <summary>
    /// Makes the copy; the node must be stopped, and is held stopped meanwhile. Heartbeats. Called again, in whatever state it was killed, it ends
    /// with one complete copy of this run.
    /// </summary>
    [Activity("forensics.preserve")]
    Task<ForensicReceipt> PreserveAsync(ForensicAct act);
}
