using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Demo;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>demo</c>: three regions in miniature; a backup, a loss, a restore.</summary>
internal static class DemoCommand
{
    public static Command Create(CommandContext context)
    {
        var dir = new Option<string?>("--dir") { HelpName = "FOLDER", Description = "Where it lives; new or empty (default: a temporary folder)." };
        var keep = new Option<bool>("--keep") { Description = "Keep homes and buckets at the end (kept anyway with --dir); the report always stays." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask for the approval; a second person gives it by itself." };
        var command = new Command("demo", "Three regions in miniature: a backup while blocks come, a lost disk, RB-DR-006. Under a minute, nothing left running.")
        {
            dir, keep, yes,
        };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var named = parsed.GetValue(dir);
            var starter = session.Settings.By is { Length: > 0 } by ? by : "operator";
            var options = new DemoOptions(
                Folder(named), named is not null || parsed.GetValue(keep), starter, starter == "second-person" ? "third-person" : "second-person",
                session.Interactive && !parsed.GetValue(yes));
            return await DemoPlay.RunAsync(session, options, cancellationToken).ConfigureAwait(false);
        });
    }

    private static string Folder(string? named)
    {
        if (named is null)
        {
            return Directory.CreateTempSubdirectory("virtengine-dr-demo-").FullName;
        }

        var full = Path.GetFullPath(named);
        return Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()
            ? throw new CliException(ErrorTypes.InvalidInput, $"--dir {named} is not empty; the demo wants a folder of its own.")
            : Directory.CreateDirectory(full).FullName;
    }
}
