using System.CommandLine;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Backups.Exporting;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Starter.Commands;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Backups;

/// <summary><c>backup export</c>: the layout of the plan's scripts, for people and programs that know only that.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "The backup; without it the newest." };
        var to = new Option<string>("--to") { HelpName = "FOLDER", Required = true, Description = "Where REGION/state/… (configuration: REGION/config/…, forensic: REGION/forensic/…) is written." };
        var node = BackupOptions.Node("all");
        var kind = BackupOptions.KindToRead();
        var command = new Command("export", "Write a backup as the plan's four files (tar.gz, json, sha256, sig). Needs no server.") { id, to, node, kind };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var reader = new RepositoryReader(session.Estate());
            var (slice, entry) = await reader.FindAsync(
                parsed.GetValue(id), parsed.GetValue(node), parsed.GetRequiredValue(kind), cancellationToken).ConfigureAwait(false);
            using var signer = Signer(slice, parsed.GetRequiredValue(kind));
            var sources = await reader.Access.OpenAnyAsync(
                slice, [.. entry.Copies.Where(copy => copy.Problem is null).Select(copy => copy.Region)], cancellationToken).ConfigureAwait(false);
            var folder = Path.GetFullPath(parsed.GetRequiredValue(to));
            Directory.CreateDirectory(folder);
            var result = await new PlanExporter(signer).ExportAsync(sources, entry.Key, folder, null, cancellationToken).ConfigureAwait(false);
            if (session.Settings.Json)
            {
                session.Json(result);
                return ExitCodes.Ok;
            }

            session.Line($"{entry.Id}: {Durations.Bytes(result.ArchiveBytes)}");
            foreach (var file in result.Files)
            {
                session.Line("  " + file);
            }

            return ExitCodes.Ok;
        });
    }

    private static PemSigner Signer(NodeSlice slice, string kind)
    {
        var node = slice.Target.Node.Name;
        var key = slice.Backups.SigningKeys.FirstOrDefault(one => one.RevokedAt is null && File.Exists(one.PrivateKeyFile)
            && (one.Nodes.Contains("*") || one.Nodes.Contains(node)) && (one.Kinds.Contains("*") || RepositoryAccess.KindsOf(one).Contains(kind)));
        return key?.PrivateKeyFile is { } file
            ? PemSigner.Load(File.ReadAllText(file))
            : throw new CliException(
                ErrorTypes.NotConfigured,
                $"The checksum file is signed, and no private key of backups.signingKeys for '{node}' is on this host. Run the export where the key is.");
    }
}
