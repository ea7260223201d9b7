using System.Globalization;
using VirtEngine.DR.Activities.Backups.Proving;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>
/// The fourth rung: the backup is restored into a scratch home, a node with fresh keys and no peers is started there, and the app hash
/// that it computes is compared with what an independent node's header at the next height says.
/// </summary>
/// <remarks>
/// The node has a network namespace of its own where this host allows that (its RPC is then a unix socket, which crosses namespaces),
/// and its memory is capped; there are no peers and no seeds, and peer exchange is off. The findings say exactly what applied.
/// </remarks>
public sealed class Prover(RepositoryAccess repositories, IChainRpcFactory rpcs, ActivityPaths paths)
{
    private const int SampledBlocks = 8;
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReferenceWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    internal async Task<VerificationReport> ProveAsync(VerifyCommand command, LatestProgress progress, CancellationToken token)
    {
        await RefuseAsync(command, token).ConfigureAwait(false);
        var node = NodeHome.Of(command.Slice.Target.Node);
        var repository = await repositories.OpenAsync(command.Slice, command.Bucket, token).ConfigureAwait(false);
        using var scratch = paths.NewScratch("prove");
        var staged = await new RestoreStager().StageAsync([repository], command.Backup.ManifestKey, scratch.Path, progress, token).ConfigureAwait(false);
        var chain = command.Slice.Target.Chain;
        var version = await new NodeBinary(chain.Commands).VersionAsync(node.Path, [], token).ConfigureAwait(false);
        if (staged.Manifest.BinaryVersion is { } made && version != made)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"backup {command.Backup.Id} was made by version {made}; the binary here says {version ?? "nothing"}: prove it with its own version");
        }

        var home = Path.Combine(scratch.Path, "home");
        if (await new NodeBinary(chain.Commands).InitAsync(home, chain.Id, "rung-4", token).ConfigureAwait(false) is { } problem)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, problem);
        }

        using var isolation = await Isolation.ChooseAsync(command.Slice.Backups.ProofMemory is > 0 and var memory ? memory : DefaultMemory(), token).ConfigureAwait(false);
        using var socket = isolation.OwnNetwork ? new ScratchSocket() : null;
        var rpc = ScratchHome.Configure(home, node, socket?.Path);
        ScratchHome.MoveIn(home, staged.Folder, node);
        string[] start = [.. isolation.Prefix, chain.Commands.Binary, .. CommandTemplate.Render(chain.Commands.Start, home)];
        RungRecord record;
        var running = await ScratchNode.StartAsync(start, home, Path.Combine(scratch.Path, "node.log"), token).ConfigureAwait(false);
        await using (running.ConfigureAwait(false))
        {
            record = await JudgeAsync(command, running, rpcs.Create(rpc), staged.Digest, staged.Manifest.Height, isolation.Description, token).ConfigureAwait(false);
        }

        return await RecordAsync(command, repository, record, token).ConfigureAwait(false);
    }

    private static async Task<VerificationReport> RecordAsync(VerifyCommand command, BackupRepository repository, RungRecord record, CancellationToken token)
    {
        var facts = record.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key}: {fact.Value}").ToArray();
        var height = record.Facts.TryGetValue("height", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : (long?)null;
        if (record is { Passed: true, Rung: Rung.Restored })
        {
            // Nobody to compare with: unproven, which is not failed, so nothing is recorded against it.
            return new VerificationReport(command.Backup, command.Bucket.Region, 3, record.At, height, [.. facts, "unproven: no independent reference could be asked"]);
        }

        await new BackupVerifier(new VerifierOptions(record.Verifier)).RecordRungAsync(repository, command.Backup.ManifestKey, record, token).ConfigureAwait(false);
        return record.Passed
            ? new VerificationReport(command.Backup, command.Bucket.Region, 4, record.At, height, facts)
            : throw Failures.Permanent(ErrorTypes.Untrusted, $"backup {command.Backup.Id} fails rung 4: {string.Join("; ", record.Problems)}");
    }

    private async Task<RungRecord> JudgeAsync(
        VerifyCommand command, ScratchNode running, IChainRpc rpc, string digest, long atLeast, string isolation, CancellationToken token)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["isolation"] = $"fresh keys, no peers, no seeds, no peer exchange; {isolation}",
        };
        RungRecord Record(Rung rung, params string[] problems) =>
            new(DateTimeOffset.UtcNow, digest, facts, problems.Length == 0, problems, command.Bucket.Region, rung, Environment.MachineName);

        var status = await AwaitAsync(running, rpc, atLeast, token).ConfigureAwait(false);
        if (status is null && running.RanOutOfMemory())
        {
            // The host's limit says nothing about the backup.
            throw Failures.Permanent(ErrorTypes.NotConfigured, $"the scratch node ran out of the memory that it may have ({isolation}): raise backups.proofMemory. {running.Tail()}");
        }

        if (status is null)
        {
            return Record(Rung.Proven, $"the node does not reach height {atLeast}: {running.Tail()}");
        }

        if (status.ChainId != command.Slice.Target.Chain.Id)
        {
            return Record(Rung.Proven, $"the data is of chain '{status.ChainId}'");
        }

        var app = await rpc.AppInfoAsync(token).ConfigureAwait(false);
        facts["height"] = app.Height.ToString(CultureInfo.InvariantCulture);
        facts["app hash"] = app.AppHash;
        if (await SampleAsync(rpc, status, facts, token).ConfigureAwait(false) is { } unreadable)
        {
            return Record(Rung.Proven, unreadable);
        }

        var (reference, header) = await ReferenceAsync(command, app.Height + 1, token).ConfigureAwait(false);
        if (header is null)
        {
            return Record(Rung.Restored);
        }

        facts["reference"] = reference!;
        return header.AppHash == app.AppHash
            ? Record(Rung.Proven)
            : Record(Rung.Proven, $"its app hash after {app.Height} is {app.AppHash}, {reference} says {header.AppHash}");
    }

    /// <summary>Half of what this host (or container) has, so that a proof never takes the node that runs beside it down.</summary>
    private static long DefaultMemory() => Math.Max(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    private static async Task<ChainStatus?> AwaitAsync(ScratchNode running, IChainRpc rpc, long atLeast, CancellationToken token)
    {
        var deadline = DateTime.UtcNow + StartWithin;
        while (running.Running && DateTime.UtcNow < deadline)
        {
            try
            {
                var status = await rpc.StatusAsync(token).ConfigureAwait(false);
                if (status.Height >= atLeast && (await rpc.AppInfoAsync(token).ConfigureAwait(false)).Height >= atLeast)
                {
                    return status;
                }
            }
            catch (ChainRpcException)
            {
                // It opens its databases and replays its WAL first.
            }

            await Task.Delay(Poll, token).ConfigureAwait(false);
        }

        return null;
    }

    private static async Task<string?> SampleAsync(IChainRpc rpc, ChainStatus status, Dictionary<string, string> facts, CancellationToken token)
    {
        var earliest = Math.Max(1, status.EarliestHeight);
        var heights = Enumerable.Range(0, SampledBlocks).Select(i => earliest + ((status.Height - earliest) * i / (SampledBlocks - 1))).Distinct().ToArray();
        foreach (var height in heights)
        {
            if (await rpc.HeaderAsync(height, token).ConfigureAwait(false) is not { } header || header.Height != height)
            {
                return $"block {height} cannot be read back";
            }
        }

        facts["blocks read back"] = string.Join(", ", heights);
        return null;
    }

    private async Task<(string? Name, ChainHeader? Header)> ReferenceAsync(VerifyCommand command, long height, CancellationToken token)
    {
        var deadline = DateTime.UtcNow + ReferenceWithin;
        while (true)
        {
            var ahead = false;
            foreach (var endpoint in command.Slice.References)
            {
                try
                {
                    var rpc = rpcs.Create(new Uri(endpoint.Url));
                    var status = await rpc.StatusAsync(token).ConfigureAwait(false);
                    if (status.ChainId == command.Slice.Target.Chain.Id && status.Height >= height
                        && await rpc.HeaderAsync(height, token).ConfigureAwait(false) is { } header)
                    {
                        return (endpoint.Node, header);
                    }

                    ahead |= status.Height < height;
                }
                catch (ChainRpcException)
                {
                    // The next one may answer.
                }
            }

            if (!ahead || DateTime.UtcNow > deadline)
            {
                return (null, null);
            }

            await Task.Delay(Poll, token).ConfigureAwait(false);
        }
    }

    private static async Task RefuseAsync(VerifyCommand command, CancellationToken token)
    {
        if (command.Rung != 4 || command.Backup.Kind != BackupKinds.ChainState)
        {
            throw Failures.Invalid([$"rung {command.Rung} of kind '{command.Backup.Kind}': this activity climbs rung 4 of {BackupKinds.ChainState}"]);
        }

        var commands = command.Slice.Target.Chain.Commands;
        foreach (var template in new[] { commands.Init, commands.Start })
        {
            if (await new NodeBinary(commands).ProbeAsync(template, token).ConfigureAwait(false) is { } problem)
            {
                throw Failures.Permanent(ErrorTypes.NotConfigured, problem);
            }
        }
    }
}
