using System.Security.Cryptography;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Init;

namespace VirtEngine.DR.Estates;

/// <summary>Writes a first estate from what a node's host already says, so that one node is protected in five minutes.</summary>
public static class EstateInit
{
    /// <summary>
    /// Reads the node's home, its service and the plan's environment, makes the keys that are missing, and writes an estate that passes
    /// its own check. Everything is checked before the first file is written.
    /// </summary>
    /// <exception cref="EstateInitException">The home is not a node's, a key is not usable, or a file is in the way.</exception>
    /// <exception cref="EstateInvalidException">What was found makes no valid estate; the mistakes say which option or variable to change.</exception>
    public static async Task<EstateInitResult> RunAsync(EstateInitOptions options, CancellationToken cancellationToken)
    {
        var output = Path.GetFullPath(options.Output);
        if (File.Exists(output) && !options.Overwrite)
        {
            throw new EstateInitException($"{output} exists. Choose another --output, or say --overwrite.");
        }

        var findings = new List<EstateFinding>();
        var environment = new PlanEnvironment(options.Environment, findings);
        var unit = options.Unit is { } text ? SystemdUnit.Parse(text) : null;
        var home = options.Home ?? unit?.Home ?? environment.NodeHome
            ?? throw new EstateInitException("Which node? Give --home, a unit file with --home in it, or NODE_HOME.");
        var node = NodeHome.Read(Path.TrimEndingDirectorySeparator(Path.GetFullPath(home)));
        var running = options.Probe ? RunningNode.Find(node.Home) : null;
        var probe = options.Probe && node.Rpc is { } rpc ? await RpcProbe.AskAsync(rpc, cancellationToken).ConfigureAwait(false) : null;

        var keys = new KeyFiles(Path.Combine(Path.GetDirectoryName(output)!, "keys"));
        var draft = new EstateDraft(options, environment, node, unit, running, probe, findings);
        var signing = keys.Signing(options.SigningKey ?? environment.SigningKey, environment.VerifyKey, findings);
        var estate = draft.Build(signing, keys.EncryptionFile, Path.GetDirectoryName(output)!);
        environment.Report(estate.Chain.BlockTime);

        var yaml = EstateWriter.Write(estate, draft.Comments);
        var loaded = EstateLoader.Parse(yaml, output);
        var files = keys.Write();
        await File.WriteAllTextAsync(output, yaml, cancellationToken).ConfigureAwait(false);
        return new EstateInitResult(output, loaded with { Path = output }, [output, .. files], findings);
    }

    /// <summary>The key files beside an estate: those that exist are used, those that are missing are made after everything was checked.</summary>
    private sealed class KeyFiles(string folder)
    {
        private readonly List<(string File, string Content)> pending = [];

        public string EncryptionFile { get; } = Path.Combine(folder, "encryption.key");

        public SigningKeySpec Signing(string? given, string? verifyFile, List<EstateFinding> findings)
        {
            var file = Path.GetFullPath(given ?? Path.Combine(folder, "signing.pem"));
            if (given is null && !File.Exists(file))
            {
                var (secret, open) = SigningPair.Generate();
                pending.Add((file, secret));
                findings.Add(EstateFinding.Info("backups.signingKeys[0]", $"A signing pair is new: {file} stays on this host, its public half is in the estate. Keep a copy of the estate elsewhere."));
                return Spec(open, file);
            }

            var derived = SigningPair.PublicOf(file);
            if (verifyFile is not null && File.Exists(verifyFile) && Bare(File.ReadAllText(verifyFile)) != Bare(derived))
            {
                throw new EstateInitException($"SNAPSHOT_VERIFY_PUBKEY ({verifyFile}) is not the public half of {file}: no backup would ever verify. Set the right pair.");
            }

            return Spec(derived, file);
        }

        public List<string> Write()
        {
            if (!File.Exists(EncryptionFile))
            {
                pending.Add((EncryptionFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n"));
            }

            foreach (var (file, content) in pending)
            {
                SecretFile.Write(file, content);
            }

            return [.. pending.Select(p => p.File)];
        }

        private static SigningKeySpec Spec(string publicKey, string file) => new("signing-1", publicKey, ["*"], ["*"], file, null);

        private static string Bare(string pem) => string.Concat(pem.Where(c => !char.IsWhiteSpace(c)));
    }
}
