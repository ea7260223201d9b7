using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Backups;

/// <summary>Work on the repositories that needs no node; control queue.</summary>
public interface IRepositoryActivities
{
    /// <summary>Chooses a backup over all regions. Reads only. <see cref="ErrorTypes.NotFound"/> says what there is.</summary>
    [Activity("repository.choose")]
    Task<BackupChoice> ChooseAsync(ChooseCommand command);

    /// <summary>Copies to another region what its listing lacks; rung 1 there. Heartbeats.</summary>
    [Activity("repository.replicate")]
    Task<VerificationReport> ReplicateAsync(ReplicateCommand command);

    /// <summary>Rungs 1 to 3, recorded beside the backup. Heartbeats.</summary>
    [Activity("repository.verify")]
    Task<VerificationReport> VerifyAsync(VerifyCommand command);

    /// <summary>Applies the retention rules in one region.</summary>
    [Activity("repository.prune")]
    Task<PruneOutcome> PruneAsync(PruneCommand command);
}
