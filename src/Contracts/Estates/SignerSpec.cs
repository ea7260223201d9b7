namespace VirtEngine.DR.Contracts.Estates;

/// <summary>Who keeps the HRS file of a key.</summary>
public enum SignerFormat
{
    /// <summary>The node, in <c>priv_validator_state.json</c>.</summary>
    CometBft,

    /// <summary>tmkms.</summary>
    Tmkms,
}

/// <summary>How a signer's machine is told from others.</summary>
public enum SignerIdentity
{
    /// <summary>By the system's UUID and the disk's serial number.</summary>
    Hardware,

    /// <summary>By the cloud's instance id and the volume's id.</summary>
    Cloud,

    /// <summary>By the Kubernetes node's UUID and the volume's handle.</summary>
    Kubernetes,
}

/// <summary>The consensus key that signs on a node's host. The machine that keeps key and HRS file is the holder.</summary>
public sealed record SignerSpec
{
    /// <summary>The consensus address, 40 upper-case hex digits; null: the key file in the node's home says it, on its own host.</summary>
    public string? Address { get; init; }

    /// <summary>The HRS file; null: where the node's home has it.</summary>
    public string? HrsFile { get; init; }

    /// <summary>Whose file it is.</summary>
    public SignerFormat Format { get; init; }

    /// <summary>How the machine is told from others.</summary>
    public SignerIdentity Identity { get; init; }

    /// <summary>The disk that holds the machine's record, as in /sys/block; null with <see cref="SignerIdentity.Kubernetes"/>.</summary>
    public string? Disk { get; init; }

    /// <summary>Where the host's /proc and /sys are seen from.</summary>
    public string HostRoot { get; init; } = "/";
}
