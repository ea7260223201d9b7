using System.CommandLine;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer enrol</c>: puts the signer of a node under the interlock, on its own host, while it signs.</summary>
internal sealed class SignerEnrolCommand
{
    private const int DefaultWithin = 300;

    private readonly Option<string> node = new("--node") { HelpName = "NAME", Description = "The node of the estate whose key signs on this host.", Required = true };

    private readonly Option<bool> neverSigned = new("--never-signed") { Description = "The key has never signed: no proof by signature; needs two people." };

    private readonly Option<bool> standby = new("--standby") { Description = "This host shall be ready to take the key over (run SignerMove); it is granted nothing now. Another machine signs." };

    private readonly Option<string[]> approvedBy = new("--approved-by") { HelpName = "NAME", Description = "Who vouches for what no signature proves (--never-signed, tmkms); twice, two people.", AllowMultipleArgumentsPerToken = false };

    private readonly Option<int> within = new("--within") { HelpName = "SECONDS", Description = "The longest wait for the proof that this machine signs.", DefaultValueFactory = _ => DefaultWithin };

    public static Command Create(CommandContext context)
    {
        var self = new SignerEnrolCommand();
        var command = new Command("enrol", "Put a running signer under the interlock: prove that this machine signs now, and give it epoch 1. On the signer's own host, as root.")
        {
            self.node, self.standby, self.neverSigned, self.approvedBy, self.within,
        };
        command.Validators.Add(result =>
        {
            var people = result.GetValue(self.approvedBy) ?? [];
            if (people.Distinct(StringComparer.OrdinalIgnoreCase).Count() != people.Length || people.Any(string.IsNullOrWhiteSpace))
            {
                result.AddError("--approved-by names one person twice, or nobody: two different people are needed.");
            }

            foreach (var option in new Option[] { self.neverSigned, self.approvedBy, self.within }.Where(option => result.GetValue(self.standby) && result.GetResult(option) is { Implicit: false }))
            {
                result.AddError($"--standby and {option.Name} exclude each other: a standby proves and is granted nothing.");
            }

            if (result.GetValue(self.neverSigned) && people.Length < 2)
            {
                result.AddError("--never-signed needs --approved-by NAME twice: two people say that this key signed nowhere.");
            }

            if (result.GetResult(self.within) is { Tokens.Count: > 0 } && result.GetValue(self.within) is < 1 or > 86_400)
            {
                result.AddError("--within is 1 to 86400 seconds.");
            }
        });
        return context.Bind(command, self.RunAsync);
    }

    private async Task<int> RunAsync(CliSession session, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (signing, _) = SigningSection.WithRegister(session);
        var estate = session.Estate().Estate;
        var spec = NodeOf(estate, parsed.GetRequiredValue(node));
        var (signer, config) = Read(estate, signing, spec);
        using var setup = SignerSetup.Of(session.Io, signer, config);
        var host = setup.Host();
        using var enrolling = HostLock.TryTake(Path.Combine(setup.Paths.Folder, "enrol.lock"), inherited: false)
            ?? throw new CliException(ErrorTypes.Locked, $"Somebody else enrols {signer} on this host now.");
        Save(setup);
        using var key = MachineKey.OpenOrCreate(setup.Paths.MachineKey);
        var enrolment = new SignerEnrolment(
            host, setup.Register, setup.Witnesses, new SigningProof(host.Hrs, config.Format, setup.Commits, TimeProvider.System), text => session.Say(text));
        var request = new EnrolmentRequest(spec.Name, By(session), parsed.GetValue(neverSigned), parsed.GetValue(approvedBy) ?? [], TimeSpan.FromSeconds(parsed.GetValue(within)));
        var waits = parsed.GetValue(standby);
        var result = waits ? await enrolment.StandbyAsync(spec.Name, key, cancellationToken).ConfigureAwait(false)
            : await enrolment.RunAsync(request, key, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> words = config.Format == HrsFormat.Tmkms ? spec.Signer!.Control is { Command: { Count: > 0 } remote } ? remote : ["tmkms", "start", "-c", "/etc/tmkms/tmkms.toml"] : GateInstalled.Words(spec, estate.Chain);
        var start = GateInstalled.Problem(words, signer) is null ? words : GateInstalled.Gated(signer, words);
        Write(session, spec, signer, host, result, waits, start, setup.Paths);
        return result.End switch
        {
            EnrolmentEnd.Enrolled or EnrolmentEnd.Already => ExitCodes.Ok,
            EnrolmentEnd.Refused => ExitCodes.Refused,
            _ => ExitCodes.Unreachable,
        };
    }

    private static NodeSpec NodeOf(Estate estate, string name)
    {
        var found = estate.Nodes.FirstOrDefault(one => one.Name == name)
            ?? throw new CliException(ErrorTypes.NotFound, $"The estate has no node '{name}'. There are: {string.Join(", ", estate.Nodes.Select(one => one.Name))}.");
        return found.Signer is null
            ? throw new CliException(ErrorTypes.NotConfigured, $"Node '{name}' has no 'signer' in the estate. Add it (nodes[].signer: disk, and for tmkms address, hrsFile, format).")
            : found;
    }

    private static (SignerName Signer, GateConfig Config) Read(Estate estate, SigningSpec signing, NodeSpec spec)
    {
        try
        {
            var signer = new SignerName(estate.Chain.Id, SignerHome.Address(spec));
            var config = EstateRegister.Gate(signing, spec.Signer!, SignerHome.HrsFile(spec));
            List<string> problems = [.. signer.Problems(), .. config.Problems()];
            return problems.Count == 0 ? (signer, config) : throw new CliException(ErrorTypes.InvalidInput, string.Join("; ", problems));
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorTypes.InvalidInput, e.Message, e);
        }
    }

    private static void Save(SignerSetup setup)
    {
        try
        {
            setup.Config.Save(setup.Paths.Gate);
        }
        catch (InvalidDataException e)
        {
            throw new CliException(ErrorTypes.Conflict, e.Message, e);
        }
    }

    private static string By(CliSession session) => session.Settings.By is { Length: > 0 } name ? name
        : throw new CliException(ErrorTypes.InvalidInput, "Who enrols stands in the register for ever: give --by NAME.");

    private static void Write(CliSession session, NodeSpec spec, SignerName signer, SignerHost host, EnrolmentResult result, bool standby, IReadOnlyList<string> start, SignerPaths paths)
    {
        var done = result.End is EnrolmentEnd.Enrolled or EnrolmentEnd.Already;
        if (session.Settings.Json)
        {
            session.Json(new { Signer = signer.ToString(), host.Machine, result.End, result.Epoch, Floor = result.Floor?.ToString(), result.Words, Standby = standby, Start = start, Gate = paths.Gate });
            return;
        }

        foreach (var word in result.Words)
        {
            (done ? session.Io.Out : session.Io.Error).WriteLine($"{(done ? "  " : result.End == EnrolmentEnd.Refused ? "refused: " : "unreachable: ")}{word}");
        }

        if (!done)
        {
            return;
        }

        if (standby)
        {
            session.Line($"{signer}: this machine ({host.Machine}) is {(result.End == EnrolmentEnd.Already ? "known already" : "known now")} as a standby on {spec.Name}; its gate starts nothing");
            session.Line($"next: let {spec.Name} start through the gate, keep its chain data near the tip without this key, and move when it is time:");
            session.Line($"  {string.Join(' ', start)}");
            session.Line($"  virtengine-dr run SignerMove --node {spec.Name} --dry-run");
            return;
        }

        session.Line($"{signer}: {(result.End == EnrolmentEnd.Already ? "was enrolled before" : "is enrolled")}; epoch {result.Epoch} names this machine ({host.Machine}), floor {result.Floor}");
        session.Line("next: the signer still runs without its gate. Let it start through the gate, and restart it once:");
        session.Line(spec.Control.Type == "systemd" ? $"  ExecStart={string.Join(' ', start)}" : $"  nodes[{spec.Name}].control.command: [{string.Join(", ", start)}]");
        session.Line(spec.Control.Type == "systemd" ? $"  systemctl daemon-reload && systemctl restart {spec.Control.Unit}" : "  then stop the node and start it by its worker");
        session.Line($"who may sign: virtengine-dr signer status --chain {signer.Chain} --validator {signer.Address}");
    }
}
