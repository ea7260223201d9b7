using System.CommandLine;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer start --offline</c> and <c>signer offline-sign</c>: break glass, a start without the register by two people.</summary>
internal static class SignerStartCommand
{
    public static Command Create(CommandContext context)
    {
        var (chain, address) = (SignerCommand.Chain(), SignerCommand.Address());
        var offline = new Option<bool>("--offline") { Description = "Without the register: for when a majority of its buckets is gone for good. An ordinary start is 'signer exec'.", Required = true };
        var signatures = new Option<string[]>("--signature") { HelpName = "FILE", Description = "A person's signature of the challenge; twice, two people. Without any the challenge is written and shown.", AllowMultipleArgumentsPerToken = false };
        var program = new Argument<string[]>("COMMAND") { Description = "The signer's own start command, after '--'.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("start", "Break glass: become the signer without the register, by two people's offline keys and two typed statements.") { chain, address, offline, signatures, program };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            using var setup = SignerSetup.Of(session.Io, parsed.GetRequiredValue(chain), parsed.GetRequiredValue(address));
            var words = parsed.GetRequiredValue(program);
            var file = ProgramExec.Find(words[0], session.Io.Environment("PATH"));
            var start = new OfflineStart(setup.Host(), setup.Register, setup.Witnesses);
            if (parsed.GetValue(signatures) is not { Length: > 0 } given)
            {
                return Ask(session, start);
            }

            var challenge = start.Waiting() ?? throw new CliException(ErrorTypes.Conflict, $"No challenge of this boot waits in {start.File}: run the command without --signature first.");
            var problems = new List<string>();
            var people = OfflineSignatures.Verify(challenge, await ReadAsync(given, cancellationToken).ConfigureAwait(false), setup.Config.OfflineKeys, problems);
            problems.ForEach(problem => session.Say($"signature: {problem}"));
            var tail = challenge.Address[^8..];
            var own = Typed(session, "that this disk is the machine's own and was never rolled back, restored or cloned since its last signature", $"this disk is its own {tail}");
            var nobody = Typed(session, "that nobody else was granted this key since", $"nobody else was granted {tail}");
            var (decision, _) = await start.DecideAsync(people, own, nobody, cancellationToken).ConfigureAwait(false);
            if (!decision.Allowed)
            {
                decision.Missing.ToList().ForEach(missing => session.Say($"signer refused: {missing}"));
                return ExitCodes.Refused;
            }

            // From here on this process is the signer; the lock's descriptor goes with it.
            session.Say($"signer starts: without the register, by {string.Join(" and ", people)}");
            await session.Io.Error.FlushAsync(cancellationToken).ConfigureAwait(false);
            ProgramExec.Replace(file, words);
            return ExitCodes.Internal;
        });
    }

    public static Command CreateSign(CommandContext context)
    {
        var file = new Option<string>("--challenge") { HelpName = "FILE", Description = "The challenge, as 'signer start --offline' wrote it on the signer's host.", Required = true };
        var key = new Option<string>("--key") { HelpName = "FILE", Description = "Your private key, PEM. It never leaves your machine.", Required = true };
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "Your name in signing.offlineKeys.", Required = true };
        var to = new Option<string>("--to") { HelpName = "FILE", Description = "Where the signature goes.", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command("offline-sign", "Sign a challenge of 'signer start --offline' with your offline key, on your own machine.") { file, key, name, to, yes };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var challenge = OfflineChallengeOf(await File.ReadAllBytesAsync(parsed.GetRequiredValue(file), cancellationToken).ConfigureAwait(false));
            session.Say($"You allow machine {challenge.Machine} to sign for {challenge.Chain}/{challenge.Address} by epoch {challenge.Epoch} without asking the register, in its boot {challenge.BootId}.");
            if (!parsed.GetValue(yes) && !Confirmation.Ask(session, "Did you make sure that no other machine was granted this key?"))
            {
                return ExitCodes.Refused;
            }

            var pem = await File.ReadAllTextAsync(parsed.GetRequiredValue(key), cancellationToken).ConfigureAwait(false);
            var signature = await OfflineSignatures.SignAsync(challenge, parsed.GetRequiredValue(name), pem, cancellationToken).ConfigureAwait(false);
            await File.WriteAllBytesAsync(parsed.GetRequiredValue(to), signature.Write(), cancellationToken).ConfigureAwait(false);
            session.Line($"wrote {parsed.GetRequiredValue(to)}: bring it to the signer's host");
            return ExitCodes.Ok;
        });
    }

    private static int Ask(CliSession session, OfflineStart start)
    {
        var challenge = start.Challenge();
        session.Line($"wrote {start.File} (epoch {challenge.Epoch}, boot {challenge.BootId})");
        session.Line("next: two people sign it, each with the own key on the own machine:");
        session.Line("  virtengine-dr signer offline-sign --challenge offline-challenge.json --key KEY.pem --name NAME --to NAME.json");
        session.Line("then the same command again, with --signature A.json --signature B.json");
        return ExitCodes.Waiting;
    }

    private static OfflineChallenge OfflineChallengeOf(byte[] bytes)
    {
        try
        {
            return OfflineChallenge.Read(bytes);
        }
        catch (InvalidDataException e)
        {
            throw new CliException(ErrorTypes.InvalidInput, e.Message, e);
        }
    }

    private static async Task<IReadOnlyList<OfflineSignature>> ReadAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var read = new List<OfflineSignature>();
        foreach (var file in files)
        {
            try
            {
                read.Add(OfflineSignature.Read(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false)));
            }
            catch (InvalidDataException e)
            {
                throw new CliException(ErrorTypes.InvalidInput, $"{file}: {e.Message}", e);
            }
        }

        return read;
    }

    /// <summary>The very sentence, at the keyboard or piped in: it names the key, so that no habit types it.</summary>
    private static bool Typed(CliSession session, string what, string sentence)
    {
        session.Io.Error.Write($"State {what}.\nType '{sentence}': ");
        session.Io.Error.Flush();
        return session.Io.In.ReadLine()?.Trim() == sentence;
    }
}
