using System.CommandLine;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer register repair</c>: a new bucket in the place of a lost one.</summary>
internal static class SignerRegisterRepairCommand
{
    public static Command Create(CommandContext context)
    {
        var lost = new Option<string>("--lost") { HelpName = "NAME", Description = "The member that is gone for good.", Required = true };
        var replacement = new Option<string>("--replacement") { HelpName = "NAME", Description = "A new, empty bucket of the estate's 'signing' section, with a name that no member ever had.", Required = true };
        var approvedBy = new Option<string?>("--approved-by") { HelpName = "NAME", Description = "Who else agrees; needed unless --dry-run." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be copied." };
        var command = new Command("repair", "Replace a lost bucket: copy what the survivors hold, then put the new list of members into force.") { lost, replacement, approvedBy, dryRun };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(dryRun) && string.IsNullOrWhiteSpace(result.GetValue(approvedBy)))
            {
                result.AddError("A repair needs --approved-by NAME (another person), or --dry-run to look first.");
            }
        });
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var (signing, register) = SigningSection.WithRegister(session);
            var other = parsed.GetValue(approvedBy);
            if (other is not null && string.Equals(other, session.Settings.By, StringComparison.OrdinalIgnoreCase))
            {
                throw new CliException(ErrorTypes.InvalidInput, $"--approved-by is '{other}', who is at the keyboard (--by): another person must agree.");
            }

            IReadOnlyList<SlotApproval> approvals = [new SlotApproval(other ?? "dry run", "repair", $"named by {session.Settings.By}")];
            var repair = new RegisterRepair(
                register, [.. signing.Buckets.Select(RegisterBuckets.Open)], parsed.GetRequiredValue(lost), parsed.GetRequiredValue(replacement), approvals);
            var look = parsed.GetValue(dryRun) ? await repair.PlanAsync(cancellationToken).ConfigureAwait(false) : await repair.RunAsync(cancellationToken).ConfigureAwait(false);
            Write(session, look, parsed.GetRequiredValue(lost), parsed.GetRequiredValue(replacement));
            return look.State switch
            {
                RepairState.Done or RepairState.Planned => ExitCodes.Ok,
                RepairState.Refused => ExitCodes.Refused,
                _ => ExitCodes.Unreachable,
            };
        });
    }

    private static void Write(CliSession session, RepairLook look, string lost, string replacement)
    {
        if (session.Settings.Json)
        {
            session.Json(new { look.State, look.Members, Objects = look.Objects.Select(item => new { item.Key, item.What }), look.Missing });
            return;
        }

        foreach (var missing in look.Missing)
        {
            session.Say($"{(look.State == RepairState.Refused ? "refused" : "unreachable")}: {missing}");
        }

        foreach (var item in look.Objects)
        {
            session.Line($"{(look.State == RepairState.Planned ? "would copy" : "copied")} {item.Key}  {item.What}");
        }

        if (look.State == RepairState.Planned)
        {
            session.Line($"then generation {look.Members!.Generation}: {string.Join(", ", look.Members.Buckets)}");
        }

        if (look.State == RepairState.Done)
        {
            session.Line($"generation {look.Members!.Generation} is in force: {string.Join(", ", look.Members.Buckets)}");
            session.Line($"next: remove '{lost}' from signing.buckets of the estate (keep '{replacement}'), and run on each signer's host, so that its gate knows the new bucket:");
            session.Line("  virtengine-dr signer enrol --node NODE");
        }
    }
}
