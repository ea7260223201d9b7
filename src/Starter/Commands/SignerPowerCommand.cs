using System.CommandLine;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer power [release]</c>: the chain's power budget, from any machine that reaches the register. Needs no server.</summary>
internal static class SignerPowerCommand
{
    public static Command Create(CommandContext context)
    {
        var chain = Chain();
        var command = new Command("power", "The chain's power budget: who signs, and who has reserved whose power. Changes nothing.") { chain, Release(context) };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            using var rpcs = new CometBftRpcFactory();
            var outcome = await Open(session, rpcs, parsed.GetValue(chain)).LookAsync(new("", "", []), cancellationToken).ConfigureAwait(false);
            var (picture, total) = (outcome.Picture, outcome.Picture.Total);
            if (session.Settings.Json)
            {
                session.Json(new { picture.Height, picture.Total, Signing = picture.Signing.Values.Sum(), picture.Unknown, Reservations = outcome.InForce });
            }
            else
            {
                session.Line(picture.Unknown.Count > 0 ? $"nobody can count who signs: {string.Join("; ", picture.Unknown)}" : FormattableString.Invariant($"{picture.Signing.Values.Sum()} of {total} of the voting power signs, up to height {picture.Height}; more than {total * 2 / 3} are needed"));
                outcome.InForce.Select(one => "reserved, " + one).DefaultIfEmpty(outcome.Whole ? "nothing is reserved" : "").Where(line => line.Length > 0).ToList().ForEach(session.Line);
                if (!outcome.Whole)
                {
                    session.Say("unreachable: too few buckets of the register answer, so there may be more reservations, and nothing can be reserved");
                }
            }

            return picture.Unknown.Count == 0 && outcome.Whole ? ExitCodes.Ok : ExitCodes.Unreachable;
        });
    }

    private static Command Release(CommandContext context)
    {
        var chain = Chain();
        var slot = new Option<long>("--slot") { HelpName = "N", Description = "The reservation's slot, as 'signer power' shows it.", Required = true };
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "Why: how do you know that its run touches nothing any more?", Required = true };
        var approvedBy = new Option<string[]>("--approved-by") { HelpName = "NAME", Description = "Who says so; twice, two people.", AllowMultipleArgumentsPerToken = false };
        var command = new Command("release", "Release a reservation whose run is lost. One that is closed in this engine, and whose validator signs, lapses by itself.") { chain, slot, reason, approvedBy };
        command.Validators.Add(result =>
        {
            var people = (result.GetValue(approvedBy) ?? []).Select(one => one.Trim()).Where(one => one.Length > 0).ToList();
            if (people.Distinct(StringComparer.OrdinalIgnoreCase).Count() < 2)
            {
                result.AddError("A release needs --approved-by NAME twice: two people say that the run of this reservation touches nothing any more.");
            }
        });
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            using var rpcs = new CometBftRpcFactory();
            var budget = Open(session, rpcs, parsed.GetValue(chain));
            var wanted = parsed.GetValue(slot);
            var held = await budget.HeldAsync(cancellationToken).ConfigureAwait(false);
            var found = held.Where(one => one.Slot == wanted).ToList();
            if (found.Count == 0)
            {
                throw new CliException(ErrorTypes.NotFound, $"Slot {wanted} holds no reservation that could be seen. There are: {string.Join("; ", held.Select(one => one.ToString()).DefaultIfEmpty("none"))}.");
            }

            var by = session.Settings.By ?? "somebody";
            SlotApproval[] approvals = [.. parsed.GetValue(approvedBy)!.Select(name => new SlotApproval(name.Trim(), "release", $"named by {by}"))];
            foreach (var one in found)
            {
                var done = await budget.ReleaseAsync(one, by, parsed.GetRequiredValue(reason), approvals, cancellationToken).ConfigureAwait(false);
                if (!done.Allowed)
                {
                    done.Missing.ToList().ForEach(missing => session.Say("unreachable: " + missing));
                    return ExitCodes.Unreachable;
                }

                session.Line($"released: {one}");
            }

            return ExitCodes.Ok;
        });
    }

    private static Option<string?> Chain() => new("--chain") { HelpName = "ID", Description = "The chain's id; the estate's unless given, and it has no other." };

    private static PowerBudget Open(CliSession session, CometBftRpcFactory rpcs, string? chain)
    {
        var own = session.Estate().Estate.Chain.Id;
        return chain is not null && chain != own
            ? throw new CliException(ErrorTypes.InvalidInput, $"--chain: '{chain}' is not the chain of this estate, which is '{own}'.")
            : PowerBudgets.Open(SigningSection.WithRegister(session).Signing, own, rpcs);
    }
}
