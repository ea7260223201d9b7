using System.CommandLine;
using System.Globalization;
using VirtEngine.DR.Starter.Commands;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Backups;

/// <summary><c>backup list</c> and <c>backup show</c>: read from the buckets, no server needed.</summary>
internal static class ReadCommands
{
    public static Command List(CommandContext context)
    {
        var node = BackupOptions.Node("all that the estate backs up");
        var kind = BackupOptions.KindToRead();
        var command = new Command("list", "What backups there are, newest first. Reads the buckets; needs no server.") { node, kind };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var reader = new RepositoryReader(session.Estate());
            var unreachable = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var lines = new List<BackupLine>();
            foreach (var slice in await reader.NodesAsync(parsed.GetValue(node), parsed.GetRequiredValue(kind)).ConfigureAwait(false))
            {
                var listing = await reader.ListAsync(slice, parsed.GetRequiredValue(kind), cancellationToken).ConfigureAwait(false);
                lines.AddRange(listing.Entries.Select(BackupLine.Of));
                foreach (var (region, why) in listing.Unreachable)
                {
                    unreachable[region] = why;
                }
            }

            Write(session, lines, unreachable);
            return unreachable.Count == 0 ? ExitCodes.Ok : lines.Count > 0 ? ExitCodes.Partial : ExitCodes.Unreachable;
        });
    }

    public static Command Show(CommandContext context)
    {
        var id = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "The backup; without it the newest." };
        var node = BackupOptions.Node("all");
        var kind = BackupOptions.KindToRead();
        var command = new Command("show", "One backup: what is in it, where it is, how far it is proven. Needs no server.") { id, node, kind };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var reader = new RepositoryReader(session.Estate());
            var (_, entry) = await reader.FindAsync(
                parsed.GetValue(id), parsed.GetValue(node), parsed.GetRequiredValue(kind), cancellationToken).ConfigureAwait(false);
            var line = BackupLine.Of(entry);
            if (session.Settings.Json)
            {
                session.Json(line);
                return ExitCodes.Ok;
            }

            session.Line(line.Id);
            session.Line($"  of        {line.Chain}, {line.Node}, {line.Kind}");
            session.Line(string.Create(CultureInfo.InvariantCulture, $"  height    {line.Height} (at least){(line.AppHash is { } hash ? ", app hash " + hash : "")}"));
            session.Line($"  taken     {Durations.Stamp(line.TakenAt)}, {Durations.Text(DateTimeOffset.UtcNow - line.TakenAt)} ago");
            session.Line(string.Create(CultureInfo.InvariantCulture, $"  content   {line.Files} files, {Durations.Bytes(line.Bytes)}{(line.BinaryVersion is { } v ? ", binary " + v : "")}"));
            session.Line($"  manifest  {line.Manifest}");
            session.Line($"  digest    {line.Digest ?? "none: no copy has a valid signature"}");
            session.Line($"  regions   {string.Join(", ", line.Regions)}");
            session.Line($"  state     {(line.Proven ? "proven" : Rungs.Word(line.Rung))}");
            foreach (var text in line.Problems.Select(problem => "problem   " + problem).Concat(line.Verifications))
            {
                session.Line("  " + text);
            }

            return line.Valid ? ExitCodes.Ok : ExitCodes.Failed;
        });
    }

    private static void Write(CliSession session, List<BackupLine> lines, SortedDictionary<string, string> unreachable)
    {
        if (session.Settings.Json)
        {
            session.Json(new { backups = lines, unreachable });
            return;
        }

        foreach (var node in lines.GroupBy(line => line.Node))
        {
            session.Line(node.Key);
            foreach (var line in node)
            {
                var state = !line.Valid ? "INVALID" : line.Proven ? "proven" : Rungs.Word(line.Rung);
                session.Line(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {line.Id,-42} {state,-10} {Durations.Bytes(line.Bytes),8}  {Durations.Text(DateTimeOffset.UtcNow - line.TakenAt)} ago"));
                session.Line($"    {string.Join(", ", line.Regions)}{string.Concat(line.Problems.Select(problem => "; " + problem))}");
            }
        }

        if (lines.Count == 0)
        {
            session.Line("There is no backup yet. Take one: virtengine-dr backup run");
        }

        foreach (var (region, why) in unreachable)
        {
            session.Line($"NOT ASKED {region}: {why}");
        }
    }
}
