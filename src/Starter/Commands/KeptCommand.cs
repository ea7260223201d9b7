using System.CommandLine;
using System.Globalization;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Starter.Backups;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>backup kept …</c>: the former data that restores kept on a node's host.</summary>
internal static class KeptCommand
{
    public static Command Create(CommandContext context) =>
        new("kept", "The former data that restores kept on a node's host.") { List(context), Drop(context) };

    private static Argument<string> Node() => new("NODE") { Description = "The node." };

    private static Command List(CommandContext context)
    {
        var node = Node();
        var command = new Command("list", "What is kept, and whether it may go. Deletes nothing.") { node };
        return context.Bind(command, (session, parsed, cancellationToken) =>
            RunAsync(session, new KeptInput { Node = parsed.GetRequiredValue(node), Operator = By(session) }, cancellationToken));
    }

    private static Command Drop(CommandContext context)
    {
        var node = Node();
        var folder = new Option<string?>("--folder") { HelpName = "NAME", Description = "Only this folder, by the name that 'kept list' shows." };
        var apply = new Option<bool>("--apply") { Description = "Delete; without it the decisions are only shown." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var anyway = new Option<string?>("--without-proof")
        {
            HelpName = "WHY",
            Description = "Delete although the node is not shown to be healthy and no newer backup is proven; say why, it is recorded.",
        };
        var command = new Command("drop", "Show what may be deleted; with --apply, delete it. Refused while a run holds the node.") { node, folder, apply, yes, anyway };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var input = new KeptInput
            {
                Node = parsed.GetRequiredValue(node),
                Folder = parsed.GetValue(folder),
                Apply = parsed.GetValue(apply),
                WithoutProof = parsed.GetValue(anyway),
                Operator = By(session),
            };
            return input.Apply && !parsed.GetValue(yes) && !Confirmation.Ask(session, $"Delete former data of {input.Node}? It cannot be swapped back then.")
                ? ExitCodes.Refused
                : await RunAsync(session, input, cancellationToken).ConfigureAwait(false);
        });
    }

    private static string? By(CliSession session) => session.Settings.By is { Length: > 0 } by ? by : null;

    private static async Task<int> RunAsync(CliSession session, KeptInput input, CancellationToken cancellationToken)
    {
        var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var outcome = await JobRunner.RunAsync<KeptOutcome>(session, runs, WorkflowTypes.KeptData, input.Node, input, wait: true, cancellationToken).ConfigureAwait(false);
        return Write(session, outcome!);
    }

    /// <summary>Shows the outcome; that something which was asked for stayed is a partial success.</summary>
    internal static int Write(CliSession session, KeptOutcome outcome)
    {
        var code = !outcome.DryRun && outcome.Decisions.Any(decision => !decision.Drop) ? ExitCodes.Partial : ExitCodes.Ok;
        if (session.Settings.Json)
        {
            session.Json(outcome);
            return code;
        }

        foreach (var (folder, drop, reason) in outcome.Decisions)
        {
            session.Line($"{(drop ? "delete" : "keep  ")} {folder.Name}  {Durations.Bytes(folder.Bytes)}, since {Durations.Stamp(folder.Since)}: {reason}");
            session.Line("       " + folder.Folder);
        }

        session.Line((outcome.Decisions.Count, outcome.DryRun) switch
        {
            (0, _) => $"{outcome.Node} keeps no former data.",
            (_, true) => $"Dry run: nothing was deleted. To do it: virtengine-dr backup kept drop {outcome.Node} --apply",
            _ => string.Create(CultureInfo.InvariantCulture, $"{outcome.Decisions.Count(decision => decision.Drop)} folders deleted, {Durations.Bytes(outcome.FreedBytes)} freed."),
        });
        return code;
    }
}
