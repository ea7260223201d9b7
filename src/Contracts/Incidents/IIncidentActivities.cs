using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Incidents;

/// <summary>What escalations and aftermaths ask of the world; control queue.</summary>
public interface IIncidentActivities
{
    /// <summary>Whether the run is still open. Reads only.</summary>
    [Activity("incident.run-open")]
    Task<bool> IsOpenAsync(IncidentRun run);

    /// <summary>Keeps an aftermath's last word beside the run's evidence, before retention takes its history; twice is once.</summary>
    /// <returns>Its key.</returns>
    [Activity("incident.keep")]
    Task<string> KeepAsync(AftermathState state);
}
