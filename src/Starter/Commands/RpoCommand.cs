using System.CommandLine;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Estates;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Starter.Backups;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>rpo</c>: asks the full nodes and the buckets directly, no server needed.</summary>
internal static class RpoCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("rpo", "What the loss of any one region would take away now: the blocks that full nodes of two regions hold, and, apart from that, how old the backups are. Needs no server.");
        return context.Bind(command, async (session, _, _) =>
        {
            var loaded = session.Estate();
            var estate = loaded.Estate;
            using var rpcs = new CometBftRpcFactory();
            var repositories = new RepositoryActivities(new RepositoryReader(loaded).Access, new ActivityPaths(Path.GetTempPath()));
            var rpo = new RpoActivities(rpcs, repositories);
            var name = estate.Nodes.Count > 0 ? estate.Nodes[0].Name : throw new CliException(ErrorTypes.NotFound, "The estate has no node.");
            var slice = await new EstateActivities(estate, loaded.Digest).NodeAsync(name).ConfigureAwait(false);
            var holdings = await rpo.MeasureAsync(new(estate.Chain.Id, slice.FullNodes ?? [], estate.Chain.BlockTime)).ConfigureAwait(false);
            var backups = await rpo.BackupsAsync(new(slice, slice.BackedUp)).ConfigureAwait(false);
            var point = RecoveryPoint.Of(holdings);
            var objective = estate.Objectives.Rpo.FirstOrDefault(one => one.Kind == BackupKinds.ChainState)?.Target ?? TimeSpan.Zero;
            Write(session, holdings, point, objective, backups);
            return point.Meets(objective) ? ExitCodes.Ok : holdings.Tip is null ? ExitCodes.Unreachable : ExitCodes.Failed;
        });
    }

    private static void Write(CliSession session, Holdings holdings, RecoveryPoint point, TimeSpan objective, IReadOnlyList<BackupAge> backups)
    {
        if (session.Settings.Json)
        {
            session.Json(new
            {
                at = holdings.At,
                tip = point.Tip,
                held = point.Held,
                regions = point.Regions,
                blocks = point.Blocks,
                seconds = point.Time?.TotalSeconds,
                objectiveSeconds = objective.TotalSeconds,
                met = point.Meets(objective),
                contradictions = point.Contradictions,
                nodes = holdings.Nodes,
                backups,
            });
            return;
        }

        session.Line("chain    " + point.Describe(objective));
        foreach (var node in holdings.Nodes)
        {
            session.Line(FormattableString.Invariant($"  {node.Region,-14} {node.Node,-16} {(node.Problem ?? $"height {node.Height}{(node.Synced ? "" : ", catching up: does not count")}")}"));
        }

        session.Line("backups  (apart: they bring a node back, what they lack comes from the full nodes)");
        foreach (var backup in backups.Count > 0 ? backups.Select(one => RecoveryPoint.Describe([one], DateTimeOffset.UtcNow)) : [RecoveryPoint.Describe([], DateTimeOffset.UtcNow)])
        {
            session.Line("  " + backup);
        }
    }
}
