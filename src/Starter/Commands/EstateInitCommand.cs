using System.Collections;
using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Estates;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>estate init</c>: a first estate from what a node's host already says.</summary>
internal static class EstateInitCommand
{
    public static Command Create(CommandContext context)
    {
        var home = new Option<string?>("--home") { HelpName = "FOLDER", Description = "The node's home (else from its unit, else NODE_HOME)." };
        var to = new Option<string?>("--to") { HelpName = "FILE", Description = "Where the estate goes (default: --estate); keys are made beside it." };
        var name = new Option<string?>("--node") { HelpName = "NAME", Description = "The node's name (else its moniker)." };
        var region = new Option<string?>("--region") { HelpName = "NAME", Description = "Its region (else PRIMARY_REGION, else local)." };
        var bucket = new Option<string?>("--bucket") { HelpName = "URL", Description = "s3://BUCKET or file:///FOLDER (else DR_BUCKET, BACKUP_DIR, else a folder)." };
        var unit = new Option<string?>("--unit-file") { HelpName = "FILE", Description = "The node's systemd unit, or what `systemctl cat` prints." };
        var signingKey = new Option<string?>("--signing-key") { HelpName = "FILE", Description = "A private signing key that exists (else a new pair is made)." };
        var noProbe = new Option<bool>("--no-probe") { Description = "Do not look for the running process and do not ask its RPC." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Write over an estate that is there." };
        var command = new Command("init", "Write a first estate from a node's home, its service and the plan's environment variables.")
        {
            home, to, name, region, bucket, unit, signingKey, noProbe, overwrite,
        };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var result = await EstateInit.RunAsync(
                new EstateInitOptions
                {
                    Output = parsed.GetValue(to) ?? session.Settings.EstateFile,
                    Home = parsed.GetValue(home),
                    NodeName = parsed.GetValue(name),
                    Region = parsed.GetValue(region),
                    Bucket = parsed.GetValue(bucket),
                    Unit = await ReadAsync(parsed.GetValue(unit), cancellationToken).ConfigureAwait(false),
                    UnitName = Path.GetFileName(parsed.GetValue(unit)),
                    SigningKey = parsed.GetValue(signingKey),
                    Environment = Environment(),
                    Probe = !parsed.GetValue(noProbe),
                    Overwrite = parsed.GetValue(overwrite),
                },
                cancellationToken).ConfigureAwait(false);
            Write(session, result);
            return ExitCodes.Ok;
        });
    }

    private static void Write(CliSession session, EstateInitResult result)
    {
        if (session.Settings.Json)
        {
            session.Json(new { result.Path, result.Loaded.Digest, result.Files, result.Findings });
            return;
        }

        foreach (var file in result.Files)
        {
            session.Line("wrote " + file);
        }

        foreach (var finding in result.Findings)
        {
            session.Line($"{(finding.Severity == FindingSeverity.Warning ? "warning" : "note")}: {(finding.Path.Length == 0 ? "" : finding.Path + ": ")}{finding.Text}");
        }

        var node = result.Loaded.Estate.Nodes[0].Name;
        session.Line($"next:  virtengine-dr estate check --estate {result.Path}");
        session.Line($"then:  virtengine-dr worker --role control --role node --node {node} --estate {result.Path}");
    }

    private static async Task<string?> ReadAsync(string? file, CancellationToken cancellationToken)
    {
        try
        {
            return file is null ? null : await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorTypes.InvalidInput, $"The unit file {file} cannot be read: {exception.Message}", exception);
        }
    }

    private static Dictionary<string, string> Environment() => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);
}
