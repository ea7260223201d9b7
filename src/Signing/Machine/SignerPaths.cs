namespace VirtEngine.DR.Signing;

/// <summary>Where a host keeps what belongs to one key. Fixed: two roots on one host would be two locks.</summary>
/// <param name="root">The root; <see cref="DefaultRoot"/> everywhere but in tests and in containers that mount the host's elsewhere.</param>
/// <param name="signer">The key.</param>
public sealed class SignerPaths(string root, SignerName signer)
{
    /// <summary>On every host.</summary>
    public const string DefaultRoot = "/var/lib/virtengine-dr/signers";

    /// <summary>Names another root, for containers and tests.</summary>
    public const string RootVariable = "VIRTENGINE_SIGNER_ROOT";

    /// <summary>The key.</summary>
    public SignerName Signer => signer;

    /// <summary>The key's folder.</summary>
    public string Folder { get; } = Path.Combine(root, signer.Chain, signer.Address);

    /// <summary>The machine's record.</summary>
    public string Record => Path.Combine(Folder, "record.json");

    /// <summary>The signer's lock.</summary>
    public string Lock => Path.Combine(Folder, "lock");

    /// <summary>The alarms of the key on this machine.</summary>
    public string Alarm => Path.Combine(Folder, "alarm.json");

    /// <summary>The gate's configuration.</summary>
    public string Gate => Path.Combine(Folder, "gate.json");

    /// <summary>The machine's key, which signs its answers: one a machine, whatever consensus keys it holds.</summary>
    public string MachineKey => Path.Combine(root, "machine-key.pem");

    /// <summary>The machine's next key, while the register does not name it yet.</summary>
    public string NextMachineKey => Path.Combine(root, "machine-key.next.pem");

    /// <summary>The folder of all keys on this host.</summary>
    public string Root => root;
}
