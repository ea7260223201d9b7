using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>The fourth rung: a node is started on the restored data.</summary>
public sealed class Prover(RepositoryAccess repositories, IChainRpcFactory rpcs, ActivityPaths paths)
{
    internal Task<VerificationReport> ProveAsync(VerifyCommand command, LatestProgress progress, CancellationToken token) =>
        Task.FromException<VerificationReport>(Failures.Permanent(ErrorTypes.NotConfigured, $"rung {command.Rung} is being built {repositories} {rpcs} {paths} {progress} {token}"));
}
