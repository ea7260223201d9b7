using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Contracts.Estates;

/// <summary>The consensus key that signs on a node's host. The machine that keeps key and HRS file is the holder.</summary>
public sealed record SignerSpec
{
    /// <summary>The consensus address, 40 upper-case hex digits; null: the key file in the node's home says it, on its own host.</summary>
    public string? Address { get; init; }

    /// <summary>The HRS file; null: where the node's home has it.</summary>
    public string? HrsFile { get; init; }

    /// <summary>Whose file it is.</summary>
    public HrsFormat Format { get; init; }

    /// <summary>How the process that has the key is started and stopped, where it is not the node (tmkms); null: the node has the key, or nothing here starts it.</summary>
    public ControlSpec? Control { get; init; }

    /// <summary>How the machine is told from others.</summary>
    public IdentityKind Identity { get; init; }

    /// <summary>The disk that holds the machine's record, as in /sys/block; null with <see cref="IdentityKind.Kubernetes"/>.</summary>
    public string? Disk { get; init; }

    /// <summary>Where the host's /proc and /sys are seen from.</summary>
    public string HostRoot { get; init; } = "/";
}
