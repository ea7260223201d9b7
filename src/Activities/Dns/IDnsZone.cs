using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Dns;

/// <summary>Opens the zone of an estate's names.</summary>
public interface IDnsZones
{
    /// <summary>The zone; the same target gives the same one.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">NotConfigured: there are no credentials of that profile.</exception>
    IDnsZone Of(DnsTarget target);
}

/// <summary>The zone of an estate's names, through its provider's API.</summary>
public interface IDnsZone
{
    /// <summary>Records of the estate's names, and their health checks.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Unavailable: the API does not answer. NotFound: there is no such zone.</exception>
    Task<DnsObservation> LookAsync(CancellationToken cancellationToken);

    /// <summary>Changes weights, all in one batch: all or none. Where every record is as wanted nothing is sent.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Conflict: a record is neither as expected nor as wanted; nothing was changed.</exception>
    Task<DnsApplied> ApplyAsync(IReadOnlyList<DnsChange> changes, string why, CancellationToken cancellationToken);

    /// <summary>Whether the provider's name servers all have a change.</summary>
    Task<bool> InSyncAsync(string change, CancellationToken cancellationToken);

    /// <summary>Makes a switch's health check, or puts right one that does not do what a switch needs. Such a one is left as it is.</summary>
    /// <returns>The health check's id.</returns>
    Task<string> EnsureCheckAsync(DnsSwitchSpec spec, CancellationToken cancellationToken);

    /// <summary>Gives records, which must be as they are given, a health check, all in one batch.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Conflict: a record has another health check, or changed meanwhile.</exception>
    Task<DnsApplied> AttachAsync(IReadOnlyList<DnsRecord> records, string check, CancellationToken cancellationToken);
}
