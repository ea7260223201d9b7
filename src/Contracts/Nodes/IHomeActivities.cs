using Temporalio.Activities;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>
/// A node's home out of its configuration backup, on the node's own host (queue <c>dr-node-&lt;name&gt;</c>). Only what is missing is written,
/// only inside the home, and never a consensus key.
/// </summary>
public interface IHomeActivities
{
    /// <summary>How far this run (the key's first run id) has prepared the home from this backup. Reads only.</summary>
    [Activity("home.observe")]
    Task<HomeObservation> ObserveAsync(RestoreAct act);

    /// <summary>
    /// Downloads the configuration backup, verifies every byte, and puts what is missing in the home in its place; the node must be stopped
    /// where its home is lost. What lies outside the home stays in the staging folder, for a person. Heartbeats.
    /// </summary>
    [Activity("home.prepare")]
    Task<HomeObservation> PrepareAsync(RestoreAct act);

    /// <summary>Takes away what this run put in place and nobody changed since. Idempotent.</summary>
    [Activity("home.unprepare")]
    Task<HomeObservation> UnprepareAsync(RestoreAct act);

    /// <summary>Downloads the configuration backup, verifies every byte, and says how the home's files stand to it. Writes nothing but the staging. Heartbeats.</summary>
    [Activity("home.compare")]
    Task<ConfigurationComparison> CompareAsync(RestoreAct act);

    /// <summary>Puts these files of the backup in the place of what is there, which is kept; the node must be stopped. Never a key, never a file that would move the signing state. Heartbeats.</summary>
    [Activity("home.replace")]
    Task<HomeObservation> ReplaceAsync(ReplaceAct act);

    /// <summary>Puts the former files back where nobody changed the new ones since. Idempotent.</summary>
    [Activity("home.put-back")]
    Task<HomeObservation> PutBackAsync(RestoreAct act);

    /// <summary>Makes a fresh node key where there is none. A new key is a new p2p id.</summary>
    [Activity("home.make-node-key")]
    Task<HomeObservation> MakeNodeKeyAsync(RestoreAct act);

    /// <summary>Takes away the node key that this run made. Idempotent.</summary>
    [Activity("home.remove-node-key")]
    Task<HomeObservation> RemoveNodeKeyAsync(RestoreAct act);
}
