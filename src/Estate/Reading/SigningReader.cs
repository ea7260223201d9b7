using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Reads <c>signing</c> and <c>nodes[].signer</c>.</summary>
internal sealed class SigningReader(Folder folder, Problems problems)
{
    private const string Local = "local";

    public SigningSpec? Read(MapReader root)
    {
        if (root.Group("signing", EstateSchema.Signing) is not { } signing)
        {
            return null;
        }

        var register = signing.Text("register");
        Text.CheckName(signing.At("register"), register ?? "", problems);
        return new SigningSpec
        {
            Register = register,
            Buckets = [.. signing.Groups("buckets", EstateSchema.SigningBucket, required: true).Select(Bucket)],
            Rpcs = [.. signing.Groups("rpcs", EstateSchema.SigningRpc, required: true).Select(Rpc)],
            OfflineKeys = [.. signing.Groups("offlineKeys", EstateSchema.OfflineKey).Select(OfflineKey)],
        };
    }

    /// <summary>The signer of a node; null when it names none.</summary>
    public static SignerSpec? Signer(MapReader node, Problems problems)
    {
        if (node.Group("signer", EstateSchema.Signer) is not { } signer)
        {
            return null;
        }

        var spec = new SignerSpec
        {
            Address = signer.Text("address")?.ToUpperInvariant(),
            HrsFile = signer.Text("hrsFile"),
            Format = signer.Choice<HrsFormat>("format", HrsFormat.CometBft),
            Identity = signer.Choice<IdentityKind>("identity", IdentityKind.Hardware),
            Disk = signer.Text("disk"),
            HostRoot = signer.Text("hostRoot") ?? "/",
            Control = NodeReader.Control(signer, EstateSchema.SignerControl, required: false, problems),
        };
        if (spec.Address is { } address && (address.Length != 40 || !address.All(char.IsAsciiHexDigitUpper)))
        {
            problems.Add(signer.At("address"), $"{Secrets.Shown(address)} is not a consensus address.", "40 hex digits, as /validators shows it (not the bech32 form).");
        }

        Absolute(signer, "hrsFile", spec.HrsFile, problems);
        Absolute(signer, "hostRoot", spec.HostRoot, problems);
        CheckDisk(signer, spec, problems);
        CheckControl(signer, spec, problems);
        foreach (var key in spec.Format == HrsFormat.Tmkms ? new[] { "address", "hrsFile" } : [])
        {
            if (!signer.Has(key))
            {
                problems.Add(signer.At(key), "With tmkms this key is needed: the node's home holds neither the key nor its file.", EstateSchema.Signer.Keys.First(item => item.Name == key).Form);
            }
        }

        return spec;
    }

    private static void CheckControl(MapReader signer, SignerSpec spec, Problems problems)
    {
        if (spec.Control is { } && spec.Format != HrsFormat.Tmkms)
        {
            problems.Add(signer.At("control"), "The node itself has the key and is started by its own 'control'.", "Remove it, or write 'format: tmkms'.");
        }
        else if (spec.Control is { Type: "kubernetes" })
        {
            problems.Add(signer.At("control") + ".type", "A tmkms in a pod is not started by any runbook yet.", "process or systemd.");
        }
        else if (spec.Control is { Type: "process", Command.Count: 0 } && !problems.IsBad(signer.At("control") + ".command"))
        {
            problems.Add(signer.At("control") + ".command", "The command is needed: it starts tmkms through the gate.", "Such as [virtengine-dr, signer, exec, --chain, ID, --validator, ADDRESS, --, tmkms, start, -c, FILE].");
        }
    }

    private static void CheckDisk(MapReader signer, SignerSpec spec, Problems problems)
    {
        if (spec.Disk is { } disk && !disk.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            problems.Add(signer.At("disk"), $"{Secrets.Shown(disk)} is not a disk.", "A name in /sys/block, such as nvme0n1, without /dev/.");
        }
        else if (spec.Disk is null && spec.Identity != IdentityKind.Kubernetes && !problems.IsBad(signer.At("disk")))
        {
            problems.Add(signer.At("disk"), "The disk is needed: its serial number tells this machine from a clone.", "A name in /sys/block, such as nvme0n1.");
        }
        else if (spec.Disk is not null && spec.Identity == IdentityKind.Kubernetes)
        {
            problems.Add(signer.At("disk"), "With 'identity: kubernetes' the volume's handle tells the machine, not a disk.", "Remove it, or choose another identity.");
        }
    }

    private static void Absolute(MapReader signer, string key, string? path, Problems problems)
    {
        if (path is not null && (path[0] != '/' || path.Split('/').Contains("..")))
        {
            problems.Add(signer.At(key), $"{Secrets.Shown(path)} is not an absolute path.", "A path that begins with '/', without '..'.");
        }
    }

    private GateBucket Bucket(MapReader bucket)
    {
        var spec = new GateBucket
        {
            Name = bucket.RequiredText("name"),
            Url = BucketUrl.Read(bucket, EstateSchema.SigningBucket, folder, problems),
            Region = bucket.Text("region") ?? Local,
            Endpoint = bucket.Text("endpoint"),
            PathStyle = bucket.Flag("pathStyle", false),
            Versioned = bucket.Flag("versioned", false),
            Profile = bucket.Text("profile"),
        };
        Text.CheckName(bucket.At("name"), spec.Name, problems);
        Text.CheckName(bucket.At("region"), spec.Region, problems);
        Text.CheckHttp(bucket.At("endpoint"), spec.Endpoint, problems);
        if (spec.Url.StartsWith("s3:", StringComparison.Ordinal) && !bucket.Has("region"))
        {
            problems.Add(bucket.At("region"), "A bucket of S3 needs its region.", "A region's name, such as us-east-1.");
        }

        if (spec.Url.StartsWith("file:", StringComparison.Ordinal))
        {
            foreach (var key in EstateSchema.SigningBucket.Keys.Where(k => k.Name is "endpoint" or "pathStyle" or "versioned" or "profile" && bucket.Has(k.Name)))
            {
                problems.Add(bucket.At(key.Name), "This is for S3; the bucket is a folder.", "Remove it, or use an s3:// URL.");
            }
        }

        return spec;
    }

    private OfflineKey OfflineKey(MapReader key)
    {
        var spec = new OfflineKey(key.RequiredText("name"), PublicKeys.Read(key.At("publicKey"), key.RequiredText("publicKey"), folder, problems));
        Text.CheckName(key.At("name"), spec.Name, problems);
        return spec;
    }

    private GateRpc Rpc(MapReader rpc)
    {
        var spec = new GateRpc { Source = rpc.RequiredText("source"), Url = rpc.RequiredText("url").TrimEnd('/') };
        Text.CheckName(rpc.At("source"), spec.Source, problems);
        Text.CheckHttp(rpc.At("url"), spec.Url.Length == 0 ? null : spec.Url, problems);
        return spec;
    }
}
