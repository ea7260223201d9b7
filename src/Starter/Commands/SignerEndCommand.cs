using System.CommandLine;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer fence-volume</c>, <c>end-statement</c> and <c>end-sign</c>: ends of a holder other than a fence that its own gate adopted.</summary>
internal static class SignerEndCommand
{
    private static readonly EndKind[] Stated = [EndKind.InstanceAndVolumeDeleted, EndKind.DestroyedInCustody, EndKind.HsmAccessRevoked];

    public static Command FenceVolume(CommandContext context)
    {
        var (chain, address, to) = (SignerCommand.Chain(), SignerCommand.Address(), To());
        var mount = new Option<string>("--mount") { HelpName = "DIR", Description = "Where the dead machine's own volume is mounted here, for writing.", Required = true };
        var disk = new Option<string>("--disk") { HelpName = "NAME", Description = "The disk that is mounted, as in /sys/block: its serial number must be the machine's.", Required = true };
        var signers = new Option<string>("--signers") { HelpName = "PATH", Description = "Where the records lie on the volume.", DefaultValueFactory = _ => SignerPaths.DefaultRoot.TrimStart('/') };
        var hrs = new Option<string?>("--hrs") { HelpName = "PATH", Description = "The HRS file on the volume, where it is on it (default: the path that its gate.json names, below the mount)." };
        var command = new Command("fence-volume", "Write the fence into a dead machine's mounted volume, and say so with this machine's key. On a host that is enrolled for the key.") { chain, address, mount, disk, signers, hrs, to };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            using var setup = SignerSetup.Of(session.Io, parsed.GetRequiredValue(chain), parsed.GetRequiredValue(address));
            var root = Path.GetFullPath(parsed.GetRequiredValue(mount));
            var volume = new SignerPaths(Path.Combine(root, parsed.GetRequiredValue(signers).TrimStart('/')), setup.Paths.Signer);
            var (serial, file) = Look(setup, volume, root, parsed.GetRequiredValue(disk), parsed.GetValue(hrs));
            using var key = MachineKey.Open(setup.Paths.MachineKey);
            var (statement, decision) = await Guard(() => new VolumeFence(setup.Host(), setup.Register, volume).WriteAsync(serial, file, By(session), key, cancellationToken)).ConfigureAwait(false);
            if (statement is null)
            {
                decision.Missing.ToList().ForEach(missing => session.Say($"refused: {missing}"));
                return ExitCodes.Refused;
            }

            Save(session, statement, parsed.GetRequiredValue(to));
            return ExitCodes.Ok;
        });
    }

    public static Command Statement(CommandContext context)
    {
        var (chain, address, to) = (SignerCommand.Chain(), SignerCommand.Address(), To());
        var machine = new Option<string>("--machine") { HelpName = "ID", Description = "The machine that is ended, as 'signer status' names it.", Required = true };
        var kind = new Option<EndKind>("--kind") { HelpName = "KIND", Description = "How: InstanceAndVolumeDeleted, DestroyedInCustody or HsmAccessRevoked.", Required = true };
        var proof = new Option<string[]>("--proof") { HelpName = "TEXT", Description = "What shows it: the cloud's answer, the serial number and where it is kept, the HSM's refusal.", Required = true, AllowMultipleArgumentsPerToken = false };
        var command = new Command("end-statement", "Make the statement that a machine is gone for good, for two people to sign. On a host that is enrolled for the key.") { chain, address, machine, kind, proof, to };
        command.Validators.Add(result =>
        {
            if (!Stated.Contains(result.GetValue(kind)))
            {
                result.AddError($"--kind must be one of {string.Join(", ", Stated)}: that a machine is off or does not answer is no end, and a fence is said by its gate or by 'signer fence-volume'.");
            }
        });
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            using var setup = SignerSetup.Of(session.Io, parsed.GetRequiredValue(chain), parsed.GetRequiredValue(address));
            var view = await setup.Register.ReadAsync(setup.Paths.Signer, cancellationToken).ConfigureAwait(false);
            var epoch = SignerRules.Instance.NextEpoch(view);
            if (!view.Answers || SignerRules.Instance.PossibleHolders(view, epoch).All(holder => holder.Machine != parsed.GetRequiredValue(machine)))
            {
                session.Say(view.Answers ? $"refused: {parsed.GetRequiredValue(machine)} is none of those who may sign: {string.Join(", ", SignerStatus.Of(view, SignerRules.Instance).MaySign)}" : $"unreachable: {view.Reachable} of {view.Buckets.Count} buckets answer");
                return view.Answers ? ExitCodes.Refused : ExitCodes.Unreachable;
            }

            Save(session, new EndStatement
            {
                Signer = setup.Paths.Signer,
                Register = view.Members!.Register,
                Machine = parsed.GetRequiredValue(machine),
                Below = epoch,
                Kind = parsed.GetRequiredValue(kind),
                Proof = parsed.GetRequiredValue(proof),
                By = By(session),
            }, parsed.GetRequiredValue(to));
            session.Line("next: two people of signing.offlineKeys sign it, each with the own key on the own machine:");
            session.Line($"  virtengine-dr signer end-sign --statement {parsed.GetRequiredValue(to)} --key KEY.pem --name NAME");
            return ExitCodes.Ok;
        });
    }

    public static Command Sign(CommandContext context)
    {
        var file = new Option<string>("--statement") { HelpName = "FILE", Description = "The statement; the signature is put into it.", Required = true };
        var key = new Option<string>("--key") { HelpName = "FILE", Description = "Your private key, PEM. It never leaves your machine.", Required = true };
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "Your name in signing.offlineKeys.", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command("end-sign", "Sign the statement that a machine is gone for good with your offline key, on your own machine.") { file, key, name, yes };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var statement = Read(parsed.GetRequiredValue(file));
            session.Say($"You say that machine {statement.Machine} can never again sign for {statement.Signer} by a grant below epoch {statement.Below} ({statement.Kind}): {string.Join("; ", statement.Proof)}");
            if (!parsed.GetValue(yes) && !Confirmation.Ask(session, "Did you see it yourself?"))
            {
                return ExitCodes.Refused;
            }

            var pem = await File.ReadAllTextAsync(parsed.GetRequiredValue(key), cancellationToken).ConfigureAwait(false);
            var signature = await OfflineSignatures.SignAsync(statement.Bytes(), parsed.GetRequiredValue(name), pem, cancellationToken).ConfigureAwait(false);
            statement = statement with { Signatures = [.. statement.Signatures.Where(one => one.Name != signature.Name), signature] };
            Save(session, statement, parsed.GetRequiredValue(file));
            return ExitCodes.Ok;
        });
    }

    /// <summary>Reads a statement's file.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static EndStatement Read(string file)
    {
        try
        {
            return EndStatement.Read(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorTypes.InvalidInput, $"{file}: {e.Message}", e);
        }
    }

    private static Option<string> To() => new("--to") { HelpName = "FILE", Description = "Where the statement goes.", Required = true };

    private static (string Serial, HrsFile? File) Look(SignerSetup setup, SignerPaths volume, string root, string disk, string? hrs)
    {
        try
        {
            var serial = new HostFacts(setup.Config.HostRoot).Serial(disk);
            var gate = File.Exists(volume.Gate) ? GateConfig.Read(volume.Gate) : null;
            var path = hrs ?? gate?.HrsFile;
            var file = path is null ? null : Path.Combine(root, path.TrimStart('/'));
            if (file is not null && File.Exists(file))
            {
                return (serial, new HrsFile(file, gate?.Format ?? setup.Config.Format));
            }

            return hrs is null ? (serial, null) : throw new CliException(ErrorTypes.NotFound, $"--hrs: '{file}' does not exist on the volume.");
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorTypes.InvalidInput, e.Message, e);
        }
    }

    private static async Task<T> Guard<T>(Func<Task<T>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorTypes.InvalidInput, e.Message, e);
        }
    }

    private static string By(CliSession session) => session.Settings.By is { Length: > 0 } name ? name
        : throw new CliException(ErrorTypes.InvalidInput, "Who says so stands in the register for ever: give --by NAME.");

    private static void Save(CliSession session, EndStatement statement, string to)
    {
        var bytes = statement.Write();
        using (var file = new FileStream(to, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        if (session.Settings.Json)
        {
            session.Json(statement);
            return;
        }

        session.Line($"wrote {to}: {statement.Machine} is ended below epoch {statement.Below} by {statement.Kind}");
        session.Line($"then: virtengine-dr run SignerMove --node NODE --ended {to}");
    }
}
