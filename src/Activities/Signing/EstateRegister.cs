using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>The estate's signing section in the terms of gates and askers.</summary>
public static class EstateRegister
{
    /// <summary>A gate's configuration for a signer of the estate.</summary>
    /// <param name="signing">The estate's section; its register must be named.</param>
    /// <param name="signer">The node's signer.</param>
    /// <param name="hrsFile">The HRS file, found from the home where the signer names none.</param>
    /// <exception cref="ArgumentException">The section names no register.</exception>
    public static GateConfig Gate(SigningSpec signing, SignerSpec signer, string hrsFile) => new()
    {
        Register = signing.Register ?? throw new ArgumentException("the estate names no register: signing.register", nameof(signing)),
        HrsFile = signer.HrsFile ?? hrsFile,
        Format = signer.Format,
        Identity = signer.Identity,
        Disk = signer.Disk,
        HostRoot = signer.HostRoot,
        Buckets = signing.Buckets,
        Rpcs = signing.Rpcs,
        OfflineKeys = signing.OfflineKeys,
    };
}
