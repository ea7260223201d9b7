using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Chain;

/// <summary>Measures what would be lost; control queue. Reads only.</summary>
public interface IRpoActivities
{
    /// <summary>Which blocks the full nodes of all regions hold. That nobody answers is an answer.</summary>
    [Activity("rpo.measure")]
    Task<Holdings> MeasureAsync(RpoQuery query);

    /// <summary>The newest proven backup of each node; what could not be found out is said beside it.</summary>
    [Activity("rpo.backups")]
    Task<IReadOnlyList<BackupAge>> BackupsAsync(BackupAgeQuery query);
}
