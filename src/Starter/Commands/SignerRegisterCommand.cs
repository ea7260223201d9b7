using System.CommandLine;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer register init|repair</c>: the register's own life. Needs no server.</summary>
internal static class SignerRegisterCommand
{
    public static Command Create(CommandContext context) => new("register", "Make the signers' register, or replace a lost bucket of it.") { Init(context), SignerRegisterRepairCommand.Create(context) };

    private static Command Init(CommandContext context)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Look, and say what would be written." };
        var command = new Command("init", "Make the register: its members into every bucket of the estate's 'signing' section. Once, before the first signer is enrolled.") { dryRun };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var signing = SigningSection.Of(session);
            var init = new RegisterInit([.. signing.Buckets.Select(RegisterBuckets.Open)], signing.Register);
            var before = await init.LookAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(dryRun))
            {
                Say(session, before, before, dryRun: true);
                return CodeOf(before.State is InitState.Fresh or InitState.Unfinished ? InitState.Done : before.State);
            }

            var after = await init.WriteAsync(before, cancellationToken).ConfigureAwait(false);
            Say(session, before, after, dryRun: false);
            return CodeOf(after.State);
        });
    }

    private static int CodeOf(InitState state) => state switch
    {
        InitState.Done => ExitCodes.Ok,
        InitState.Refused => ExitCodes.Refused,
        _ => ExitCodes.Unreachable,
    };

    private static void Say(CliSession session, InitLook before, InitLook after, bool dryRun)
    {
        // An id that only a dry run made up is nobody's.
        var id = dryRun && after.State == InitState.Fresh ? null : after.Members?.Register;
        if (session.Settings.Json)
        {
            session.Json(new { after.State, Register = id, Buckets = after.Members?.Buckets, after.Written, after.Problems, DryRun = dryRun });
            return;
        }

        foreach (var problem in after.Problems)
        {
            session.Say($"{(after.State == InitState.Refused ? "refused" : "unreachable")}: {problem}");
        }

        if (dryRun && after.State is InitState.Fresh or InitState.Unfinished)
        {
            session.Line($"would write the members ({string.Join(", ", after.Members!.Buckets)}), {(id is null ? "under a new id" : $"under the id {id} of an init that was stopped")}, into: {string.Join(", ", after.Members.Buckets.Except(after.Written))}");
        }

        if (after.State == InitState.Done)
        {
            session.Line($"register {id}: {(before.State == InitState.Done ? "it was made before" : "made")}, in {string.Join(", ", after.Written)}");
            session.Line("next: put it into the estate:");
            session.Line("  signing:");
            session.Line($"    register: {id}");
            session.Line("then, on each signer's host: virtengine-dr signer enrol --node NODE");
        }
    }
}
