using System.Text.Json.Nodes;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>
/// What a test network needs to be under the signer interlock: a register of three folders, and for each validator a host of its own (its identity, its boot,
/// its signers' root). The estate names it by <see cref="SigningYaml"/> and <see cref="SignerYaml"/>; <see cref="InitAsync"/> makes the register and
/// <see cref="EnrolAsync"/> enrols a validator while it signs.
/// </summary>
/// <param name="folder">Where all of it is.</param>
/// <param name="net">The network.</param>
public sealed class SignerBench(string folder, LabNet net)
{
    /// <summary>The chain's id.</summary>
    public const string Chain = "labchain-1";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "virtengine-dr");
    private static readonly string[] Buckets = ["a", "b", "c"];

    /// <summary>A register's bucket.</summary>
    public string Bucket(string name) => Path.Combine(folder, "register", name);

    /// <summary>Where a validator's host keeps records, locks and the machine's key.</summary>
    public string Root(string node) => Path.Combine(folder, "hosts", node, "signers");

    /// <summary>What a validator's host has in its environment.</summary>
    public IReadOnlyDictionary<string, string> Variables(string node) => new Dictionary<string, string> { ["VIRTENGINE_SIGNER_ROOT"] = Root(node) };

    /// <summary>The consensus address of a validator's key file.</summary>
    public string Address(string node) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(net.Home(node), "config", "priv_validator_key.json")))!["address"]!.GetValue<string>();

    /// <summary>The estate's section, flush left; its RPCs are those of two port slots. Makes the buckets.</summary>
    public string SigningYaml(int firstSlot, int secondSlot)
    {
        foreach (string name in Buckets)
        {
            Directory.CreateDirectory(Bucket(name));
        }

        return $$"""
            signing:
              buckets:
                - { name: a, url: "file://{{Bucket("a")}}" }
                - { name: b, url: "file://{{Bucket("b")}}" }
                - { name: c, url: "file://{{Bucket("c")}}" }
              rpcs:
                - { source: first, url: "{{net.Rpc(firstSlot)}}" }
                - { source: second, url: "{{net.Rpc(secondSlot)}}" }

            """;
    }

    /// <summary>A node's signer for the estate, on one line; makes its host. Its boot is <c>boot-1</c>.</summary>
    public string SignerYaml(string node) => SignerYaml(node, null);

    /// <summary>A node's signer with further keys.</summary>
    public string SignerYaml(string node, string? more)
    {
        string root = HostRoot(node);
        Write(Path.Combine(root, "sys/class/dmi/id/product_uuid"), "uuid-of-" + node);
        Write(Path.Combine(root, "sys/block/sda/device/serial"), "disk-of-" + node);
        Boot(node, "boot-1");
        return $$"""signer: { disk: sda, hostRoot: "{{root}}"{{(more is null ? "" : ", " + more)}} }""";
    }

    /// <summary>The start command of a validator through its gate, for <c>control.command</c>.</summary>
    public IReadOnlyList<string> GatedStart(string node) =>
        [Program, "signer", "exec", "--chain", Chain, "--validator", Address(node), "--", "labchaind", "start", "--home", net.Home(node), "--log_no_color"];

    /// <summary>The key that is in no home (tmkms).</summary>
    public string Key { get; set; } = "";

    /// <summary>A start command through the gate of <see cref="Key"/>.</summary>
    public IReadOnlyList<string> Gate(IReadOnlyList<string> command) => [Program, "signer", "exec", "--chain", Chain, "--validator", Key, "--", .. command];

    /// <summary>The machine boots anew (and every process on it is gone: end them first).</summary>
    public void Boot(string node, string id) => Write(Path.Combine(HostRoot(node), "proc/sys/kernel/random/boot_id"), id);

    /// <summary>A disk is attached to a host.</summary>
    public void Attach(string node, string disk, string serial) => Write(Path.Combine(HostRoot(node), $"sys/block/{disk}/device/serial"), serial);

    /// <summary>Makes the register and puts its id into the estate.</summary>
    public static async Task<string> InitAsync(Cli cli, string estate, CancellationToken cancellationToken)
    {
        string id = (await cli.JsonAsync(cancellationToken, "signer", "register", "init"))["register"]!.GetValue<string>();
        string text = await File.ReadAllTextAsync(estate, cancellationToken);
        await File.WriteAllTextAsync(estate, text.Replace("signing:\n", $"signing:\n  register: {id}\n", StringComparison.Ordinal), cancellationToken);
        return id;
    }

    /// <summary>Enrols a validator that signs now, on its own host.</summary>
    public Task<JsonNode> EnrolAsync(Cli cli, string node, CancellationToken cancellationToken, params IReadOnlyList<string> more) =>
        cli.With(Variables(node)).JsonAsync(cancellationToken, ["signer", "enrol", "--node", node, "--by", "alice", "--within", "120", .. more]);

    private string HostRoot(string node) => Path.Combine(folder, "hosts", node);

    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
