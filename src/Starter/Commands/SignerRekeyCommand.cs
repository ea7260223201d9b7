using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer rekey</c>: another key for a machine whose own was lost or leaked, on that machine.</summary>
internal static class SignerRekeyCommand
{
    public static Command Create(CommandContext context)
    {
        var (chain, address) = (SignerCommand.Chain(), SignerCommand.Address());
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "What became of the former key: lost with what, or known to whom since when.", Required = true };
        var approvedBy = new Option<string[]>("--approved-by") { HelpName = "NAME", Description = "Who knows that this host is that machine; twice, two people.", AllowMultipleArgumentsPerToken = false };
        var command = new Command("rekey", "Give this machine another key, because machine-key.pem was lost or leaked. What is signed with the former one is refused from then on. The consensus key is not touched. On the machine itself, as root.")
        {
            chain, address, reason, approvedBy,
        };
        command.Validators.Add(result =>
        {
            var people = (result.GetValue(approvedBy) ?? []).Select(one => one.Trim()).Where(one => one.Length > 0).ToList();
            if (people.Distinct(StringComparer.OrdinalIgnoreCase).Count() < RekeyRules.People)
            {
                result.AddError("A new key needs --approved-by NAME twice: two people say that this host is that machine. Whoever has its key can say that its signer is stopped.");
            }
        });
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            using var setup = SignerSetup.Of(session.Io, parsed.GetRequiredValue(chain), parsed.GetRequiredValue(address));
            var by = session.Settings.By is { Length: > 0 } name ? name
                : throw new CliException(ErrorTypes.InvalidInput, "Who does it stands in the register for ever: give --by NAME.");
            var host = setup.Host();
            using var alone = HostLock.TryTake(Path.Combine(setup.Paths.Folder, "enrol.lock"), inherited: false)
                ?? throw new CliException(ErrorTypes.Locked, "Somebody else enrols or gives a key on this host now.");
            SlotApproval[] approvals = [.. parsed.GetValue(approvedBy)!.Select(one => new SlotApproval(one.Trim(), "rekey", $"named by {by}"))];
            var result = await Guarded(() => new MachineRekeying(host, setup.Register).RunAsync(parsed.GetRequiredValue(reason), approvals, cancellationToken)).ConfigureAwait(false);
            Write(session, host, result);
            return result.End switch
            {
                EnrolmentEnd.Enrolled or EnrolmentEnd.Already => ExitCodes.Ok,
                EnrolmentEnd.Refused => ExitCodes.Refused,
                _ => ExitCodes.Unreachable,
            };
        });
    }

    private static async Task<RekeyResult> Guarded(Func<Task<RekeyResult>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException)
        {
            // A torn record is refused as at a start: a fence may stand in it.
            throw new CliException(ErrorTypes.InvalidInput, e.Message, e);
        }
    }

    private static void Write(CliSession session, SignerHost host, RekeyResult result)
    {
        var done = result.End is EnrolmentEnd.Enrolled or EnrolmentEnd.Already;
        if (session.Settings.Json)
        {
            session.Json(new { host.Machine, result.End, result.Generation, result.Words });
            return;
        }

        foreach (var word in result.Words)
        {
            session.Say($"{(result.End == EnrolmentEnd.Refused ? "refused" : "unreachable")}: {word}");
        }

        if (done)
        {
            session.Line(FormattableString.Invariant($"machine {host.Machine} {(result.End == EnrolmentEnd.Already ? "had" : "has")} key generation {result.Generation}{(result.End == EnrolmentEnd.Already ? " before" : "")}; every older one is refused"));
            session.Line("next: a run that had this machine's fence with the former key must begin anew; its statements (signer fence-volume) too");
        }
        else if (result.End == EnrolmentEnd.Unreachable)
        {
            session.Say("run it again: it goes on with the same key; until then nothing that this machine says is taken");
        }
    }
}
