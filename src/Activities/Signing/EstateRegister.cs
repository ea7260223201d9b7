using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>The estate's signing section in the terms of gates and askers.</summary>
public static class EstateRegister
{
    /// <summary>The register's buckets.</summary>
    public static IReadOnlyList<GateBucket> Buckets(SigningSpec signing) => [.. signing.Buckets.Select(bucket => new GateBucket
    {
        Name = bucket.Name,
        Url = bucket.Url,
        Region = bucket.Region,
        Endpoint = bucket.Endpoint,
        PathStyle = bucket.PathStyle,
        Versioned = bucket.Versioned,
        Profile = bucket.Profile,
    })];

    /// <summary>The RPCs.</summary>
    public static IReadOnlyList<GateRpc> Rpcs(SigningSpec signing) => [.. signing.Rpcs.Select(rpc => new GateRpc { Source = rpc.Source, Url = rpc.Url })];

    /// <summary>A client of the register with the product's rules; null when the estate names no register yet.</summary>
    public static RegisterClient? Client(SigningSpec? signing) =>
        signing?.Register is { } register ? new RegisterClient(register, [.. Buckets(signing).Select(RegisterBuckets.Open)], SignerRules.Instance) : null;

    /// <summary>A gate's configuration for a signer of the estate.</summary>
    /// <param name="signing">The estate's section; its register must be named.</param>
    /// <param name="signer">The node's signer.</param>
    /// <param name="hrsFile">The HRS file, found from the home where the signer names none.</param>
    /// <exception cref="ArgumentException">The section names no register.</exception>
    public static GateConfig Gate(SigningSpec signing, SignerSpec signer, string hrsFile) => new()
    {
        Register = signing.Register ?? throw new ArgumentException("the estate names no register: signing.register", nameof(signing)),
        HrsFile = signer.HrsFile ?? hrsFile,
        Format = signer.Format == SignerFormat.Tmkms ? HrsFormat.Tmkms : HrsFormat.CometBft,
        Identity = signer.Identity switch
        {
            SignerIdentity.Cloud => IdentityKind.Cloud,
            SignerIdentity.Kubernetes => IdentityKind.Kubernetes,
            _ => IdentityKind.Hardware,
        },
        Disk = signer.Disk,
        HostRoot = signer.HostRoot,
        Buckets = Buckets(signing),
        Rpcs = Rpcs(signing),
        OfflineKeys = [.. signing.OfflineKeys.Select(key => new OfflineKey(key.Name, key.PublicKey))],
    };
}
