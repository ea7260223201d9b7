using System.CommandLine;
using System.Globalization;
using VirtEngine.DR.Activities.Chain.Recovery;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Workflows.Corruption;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>recovery-plan verify|ready</c>: the signed plan by which a whole chain recovers.</summary>
internal static class RecoveryPlanCommand
{
    public static Command Create(CommandContext context) =>
        new("recovery-plan", "The signed plan by which a whole chain recovers: read and verify one, or say that others carried it out.") { Verify(context), Ready(context) };

    private static Command Verify(CommandContext context)
    {
        var plan = new Option<string>("--plan") { HelpName = "FILE", Required = true, Description = "The plan, as it lies in the buckets below recovery-plans/." };
        var signature = new Option<string?>("--signature") { HelpName = "FILE", Description = "Its signature (default: the plan's name with .sig)." };
        var keys = new Option<string[]>("--key") { HelpName = "PEM", Required = true, Description = "A public key that you believe, got from its owner by another way than the plan. More than once for several." };
        var command = new Command("verify", "Verify a plan's signature and print what it asks for. Needs nobody: no server, no bucket, no estate.") { plan, signature, keys };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(plan);
            var body = await ReadAsync(file, cancellationToken).ConfigureAwait(false);
            var beside = parsed.GetValue(signature) ?? RecoveryPlanFiles.SignatureOf(file);
            var trust = new TrustStore([.. parsed.GetRequiredValue(keys).Select(Key)]);
            try
            {
                var (read, key) = RecoveryPlanFiles.Verify(body, File.Exists(beside) ? await ReadAsync(beside, cancellationToken).ConfigureAwait(false) : null, trust, file);
                Show(session, read, key, RecoveryPlanBytes.Digest(body));
                return ExitCodes.Ok;
            }
            catch (BackupException e)
            {
                session.Say($"not believed: {e.Message}. Do nothing that it says.");
                return ExitCodes.Refused;
            }
        });
    }

    private static Command Ready(CommandContext context)
    {
        var run = RunArgument.Optional();
        var validators = new Option<string[]>("--validator") { HelpName = "HEX", Description = "The consensus address of one who is back, once for each; without it all others of the plan." };
        var why = new Option<string>("--why") { HelpName = "TEXT", Required = true, Description = "How you know; stands in the journal." };
        var command = new Command("ready", "Say that other validators carried the plan out, where their votes do not show it. It counts as your word.") { run, validators, why };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var id = await runs.ResolveAsync(parsed.GetValue(run), cancellationToken).ConfigureAwait(false);
            var word = new OthersReady(session.Settings.By ?? "", parsed.GetRequiredValue(why), [.. (parsed.GetValue(validators) ?? []).Select(one => one.ToUpperInvariant())]);
            var (reply, stored) = await UpdateOrSignal.SendAsync<OthersReadyReply>(
                runs.Client.GetWorkflowHandle(id), DataCorruptionWorkflow.OthersReadyMessage, word, Guid.NewGuid().ToString("N"), null, cancellationToken).ConfigureAwait(false);
            if (session.Settings.Json)
            {
                session.Json(new { run = id, counted = reply?.Counted, text = reply?.Text ?? stored });
            }
            else
            {
                session.Line(reply is null ? $"stored, not answered ({stored}); its answer will stand in the journal" : $"{(reply.Counted ? "counts" : "does not count")}: {reply.Text}");
            }

            return reply is null ? ExitCodes.Queued : reply.Counted ? ExitCodes.Ok : ExitCodes.Refused;
        });
    }

    private static void Show(CliSession session, RecoveryPlan plan, string key, string digest)
    {
        if (session.Settings.Json)
        {
            session.Json(new { verified = true, keyId = key, digest, plan });
            return;
        }

        var total = plan.Validators.Sum(one => one.Power);
        session.Line($"verified: signed by key {key}, digest {digest}");
        session.Line(string.Create(CultureInfo.InvariantCulture, $"chain {plan.ChainId}: back to the state after height {plan.Height}, app hash {plan.AppHash} (as {string.Join(", ", plan.Agreed)} show it)"));
        session.Line($"version {plan.Version}; {string.Join("; ", plan.Binaries.DefaultIfEmpty("no binaries are named"))}");
        session.Line(string.Create(CultureInfo.InvariantCulture, $"made {plan.MadeAt:u} by run {plan.Run} of {plan.Signer}, until {plan.Deadline:u}; {plan.Validators.Count} validators, power {total}"));
        foreach (var (title, lines) in new[] { ("Do, in this order:", plan.Steps), ("Prove:", plan.Proofs), ("Order:", plan.Order) })
        {
            session.Line();
            session.Line(title);
            for (var i = 0; i < lines.Count; i++)
            {
                session.Line(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}. {lines[i]}"));
            }
        }
    }

    private static VerifyKey Key(string file)
    {
        try
        {
            return VerifyKeys.FromPem(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BackupException or FormatException)
        {
            throw new CliException(Contracts.ErrorTypes.InvalidInput, $"--key {file}: {e.Message}", e);
        }
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(file).Length <= RecoveryPlanFiles.MostBytes ? await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false)
                : throw new CliException(Contracts.ErrorTypes.InvalidInput, $"{file} is larger than any plan ({RecoveryPlanFiles.MostBytes} bytes)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(Contracts.ErrorTypes.InvalidInput, $"{file} cannot be read: {e.Message}", e);
        }
    }
}
