using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Estates.Writing;

internal static class SigningWriter
{
    public static void Write(YamlText yaml, SigningSpec signing)
    {
        yaml.Pair("register", signing.Register);
        yaml.Groups("buckets", signing.Buckets, bucket =>
        {
            yaml.Pair("name", bucket.Name);
            yaml.Pair("url", bucket.Url);
            yaml.Pair("region", bucket.Region);
            yaml.Pair("endpoint", bucket.Endpoint);
            EstateWriter.Flag(yaml, "pathStyle", bucket.PathStyle);
            EstateWriter.Flag(yaml, "versioned", bucket.Versioned);
            yaml.Pair("profile", bucket.Profile);
        });
        yaml.Groups("rpcs", signing.Rpcs, rpc =>
        {
            yaml.Pair("source", rpc.Source);
            yaml.Pair("url", rpc.Url);
        });
        if (signing.OfflineKeys.Count > 0)
        {
            yaml.Groups("offlineKeys", signing.OfflineKeys, key =>
            {
                yaml.Pair("name", key.Name);
                yaml.Pair("publicKey", key.PublicKey);
            });
        }
    }

    public static void Write(YamlText yaml, SignerSpec signer)
    {
        yaml.Pair("address", signer.Address);
        yaml.Pair("hrsFile", signer.HrsFile);
        yaml.Pair("format", EnumNames<HrsFormat>.Of(signer.Format));
        if (signer.Control is { } control)
        {
            EstateWriter.Control(yaml, control);
        }

        yaml.Pair("identity", EnumNames<IdentityKind>.Of(signer.Identity));
        yaml.Pair("disk", signer.Disk);
        if (signer.HostRoot != "/")
        {
            yaml.Pair("hostRoot", signer.HostRoot);
        }
    }
}
