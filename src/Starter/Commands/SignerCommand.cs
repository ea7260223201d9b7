using System.CommandLine;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer exec|status</c>: the signer interlock on a signer's own host. Needs no server.</summary>
internal static class SignerCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static Command Create(CommandContext context) =>
        new("signer", "The signer interlock: at most one process signs for a validator. On the signer's own host; needs no server.")
        {
            Exec(context), Status(context), SignerEnrolCommand.Create(context), SignerRekeyCommand.Create(context), SignerRegisterCommand.Create(context),
            SignerStartCommand.Create(context), SignerStartCommand.CreateSign(context), SignerAlarmCommand.Create(context), SignerPowerCommand.Create(context),
            SignerEndCommand.FenceVolume(context), SignerEndCommand.Statement(context), SignerEndCommand.Sign(context),
        };

    internal static Option<string> Chain() => new("--chain") { HelpName = "ID", Description = "The chain's id.", Required = true };

    internal static Option<string> Address() => new("--validator") { HelpName = "HEX", Description = "The consensus address: 40 hex digits, as /validators shows it.", Required = true };

    private static Command Exec(CommandContext context)
    {
        var (chain, address) = (Chain(), Address());
        var once = new Option<bool>("--once") { Description = "End instead of waiting when what is missing may come by itself (buckets or RPCs out of reach)." };
        var program = new Argument<string[]>("COMMAND") { Description = "The signer's own start command, after '--'.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("exec", "The gate: become the signer if this machine may sign, and hold its lock for the signer's whole life. Refuse otherwise.") { chain, address, once, program };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            using var setup = SignerSetup.Of(session.Io, parsed.GetRequiredValue(chain), parsed.GetRequiredValue(address));
            var words = parsed.GetRequiredValue(program);
            var file = ProgramExec.Find(words[0], session.Io.Environment("PATH"));
            var outcome = await DecideAsync(session, setup.Gate(), parsed.GetValue(once), cancellationToken).ConfigureAwait(false);
            if (!outcome.Decision.Starts)
            {
                Say(session, "refused", outcome.Decision);
                return outcome.Decision.Verdict == GateVerdict.Refuse ? ExitCodes.Refused : ExitCodes.Unreachable;
            }

            // From here on this process is the signer; the lock's descriptor goes with it.
            Say(session, "starts", outcome.Decision);
            await session.Io.Error.FlushAsync(cancellationToken).ConfigureAwait(false);
            ProgramExec.Replace(file, words);
            return ExitCodes.Internal;
        });
    }

    private static async Task<GateOutcome> DecideAsync(CliSession session, SignerGate gate, bool once, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        string? said = null;
        while (true)
        {
            var outcome = await gate.DecideAsync(cancellationToken).ConfigureAwait(false);
            if (once || outcome.Decision.Verdict != GateVerdict.Wait)
            {
                return outcome;
            }

            if (string.Join("; ", outcome.Decision.Reasons) is var now && now != said)
            {
                Say(session, "waits", outcome.Decision);
                said = now;
            }

            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static Command Status(CommandContext context)
    {
        var (chain, address) = (Chain(), Address());
        return context.Bind(new Command("status", "Who may sign, by which evidence, and what is missing for a grant. Changes nothing.") { chain, address }, async (session, parsed, cancellationToken) =>
        {
            using var setup = SignerSetup.Of(session.Io, parsed.GetRequiredValue(chain), parsed.GetRequiredValue(address));
            var view = await setup.Register.ReadAsync(setup.Paths.Signer, cancellationToken).ConfigureAwait(false);
            var status = SignerStatus.Of(view, SignerRules.Instance);
            var here = SignerHere.Of(setup);
            var power = await SignerPower.LookAsync(setup, cancellationToken).ConfigureAwait(false);
            if (session.Settings.Json)
            {
                session.Json(new { status, here, power });
            }
            else
            {
                SignerText.Lines(status, here).Concat(SignerPower.Lines(power)).ToList().ForEach(session.Line);
            }

            return view.Answers ? ExitCodes.Ok : ExitCodes.Unreachable;
        });
    }

    private static void Say(CliSession session, string what, GateDecision decision)
    {
        foreach (var reason in decision.Reasons)
        {
            session.Say($"signer {what}: {reason}");
        }
    }
}
