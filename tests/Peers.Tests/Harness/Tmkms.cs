using System.Globalization;
using System.Text.Json.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>A tmkms beside a node, with a key that was a key file before: its folder, its state file, and the node's end of the wire.</summary>
/// <param name="folder">Its folder.</param>
/// <param name="home">The node's home.</param>
/// <param name="port">Where the node listens for it.</param>
public sealed class Tmkms(string folder, string home, int port)
{
    /// <summary>Its state file.</summary>
    public string StateFile => Path.Combine(folder, "state", "consensus.json");

    /// <summary>Its start command.</summary>
    public IReadOnlyList<string> Command => ["tmkms", "start", "-c", Config];

    /// <summary>What it wrote since the engine started it first.</summary>
    public string Log => File.ReadAllText(Path.Combine(folder, "state", ".virtengine-dr", "node.log"));

    private string Config => Path.Combine(folder, "tmkms.toml");

    /// <summary>Makes it with the key of a key file, and tells the node to listen for it.</summary>
    /// <param name="keyFile">The key file.</param>
    /// <param name="hrsFile">What the key has signed; null: its state begins at zero.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task MakeAsync(string keyFile, string? hrsFile, CancellationToken cancellationToken)
    {
        await ChildProgram.RunAsync(RequiredProgram.Find("tmkms"), ["init", folder], cancellationToken: cancellationToken);
        await ChildProgram.RunAsync("tmkms", ["softsign", "import", keyFile, Path.Combine(folder, "secrets", "consensus.key")], cancellationToken: cancellationToken);
        await File.WriteAllTextAsync(Config, $$"""
            [[chain]]
            id = "{{SignerBench.Chain}}"
            key_format = { type = "bech32", account_key_prefix = "virtenginepub", consensus_key_prefix = "virtenginevalconspub" }
            state_file = "{{StateFile}}"
            [[providers.softsign]]
            chain_ids = ["{{SignerBench.Chain}}"]
            key_type = "consensus"
            path = "{{folder}}/secrets/consensus.key"
            [[validator]]
            chain_id = "{{SignerBench.Chain}}"
            addr = "tcp://127.0.0.1:{{port}}"
            secret_key = "{{folder}}/secrets/kms-identity.key"
            protocol_version = "v0.34"
            reconnect = true

            """, cancellationToken);
        if (hrsFile is not null)
        {
            JsonNode last = JsonNode.Parse(await File.ReadAllTextAsync(hrsFile, cancellationToken))!;
            string text = string.Create(CultureInfo.InvariantCulture, $$"""{"height":"{{last["height"]}}","round":"{{last["round"]}}","step":{{Math.Max(0, last["step"]!.GetValue<int>() - 1)}},"block_id":null}""");
            await File.WriteAllTextAsync(StateFile, text, cancellationToken);
        }

        string node = Path.Combine(home, "config", "config.toml");
        string[] lines = await File.ReadAllLinesAsync(node, cancellationToken);
        await File.WriteAllLinesAsync(
            node, lines.Select(line => line.StartsWith("priv_validator_laddr", StringComparison.Ordinal) ? $"priv_validator_laddr = \"tcp://127.0.0.1:{port}\"" : line), cancellationToken);
    }

    /// <summary>Kills it, whoever started it.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => ChildProgram.RunAsync(
        "sh",
        ["-c", "for p in /proc/[0-9]*; do if tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -q \"^tmkms start -c $0 \\|/tmkms start -c $0 \"; then kill -KILL ${p#/proc/}; fi; done", Config],
        cancellationToken: cancellationToken);
}
