using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;
using VirtEngine.DR.Estates.Writing;

namespace VirtEngine.DR.Estates;

/// <summary>Writes an estate as <c>estate.yaml</c>; what equals a default is left out. Reading it back gives the same digest.</summary>
public static class EstateWriter
{
    private static readonly NodeSpec NodeDefaults =
        new() { Name = "", Kind = NodeKind.Full, Region = "", Home = "", Control = new ControlSpec { Type = "" } };

    /// <summary>Writes an estate.</summary>
    /// <param name="estate">A valid estate.</param>
    /// <param name="comments">Comments by the path that they stand above, such as <c>nodes[0].rpc</c>; the empty path is the file's head.</param>
    public static string Write(Estate estate, IReadOnlyDictionary<string, string>? comments = null)
    {
        comments ??= new Dictionary<string, string>();
        var yaml = new YamlText(comments);
        if (comments.TryGetValue("", out var head))
        {
            yaml.Comment(head);
        }

        yaml.Pair("name", estate.Name);
        if (estate.Simulated)
        {
            yaml.Pair("simulated", true);
        }

        yaml.Blank();
        yaml.Group("chain", () => Chain(yaml, estate.Chain));
        yaml.Blank();
        yaml.Groups("regions", estate.Regions, r => Region(yaml, r));
        yaml.Blank();
        yaml.Groups("nodes", estate.Nodes, n => Node(yaml, n));
        yaml.Blank();
        ClusterWriter.Write(yaml, estate.Workloads);
        DnsWriter.Write(yaml, estate.Dns);
        yaml.Group("backups", () => BackupsWriter.Write(yaml, estate.Backups));
        PolicyWriter.Write(yaml, estate);
        return yaml.ToString();
    }

    private static void Chain(YamlText yaml, ChainSpec chain)
    {
        yaml.Pair("id", chain.Id);
        yaml.Pair("blockTime", Quantity.Text(chain.BlockTime));
        yaml.Pair("maxLagBlocks", chain.MaxLagBlocks);
        yaml.Pair("maxBlockAge", Quantity.Text(chain.MaxBlockAge));
        yaml.Pair("trustPeriod", Quantity.Text(chain.TrustPeriod));
        yaml.Group("commands", () =>
        {
            yaml.Pair("binary", chain.Commands.Binary);
            yaml.List("start", chain.Commands.Start);
            yaml.List("version", chain.Commands.Version);
            yaml.List("init", chain.Commands.Init);
            yaml.List("rollback", chain.Commands.Rollback);
            yaml.List("rollbackHard", chain.Commands.RollbackHard);
        });
    }

    private static void Region(YamlText yaml, RegionSpec region)
    {
        yaml.Pair("name", region.Name);
        yaml.Pair("role", EnumNames<RegionRole>.Of(region.Role));
        yaml.Pair("capacity", region.Capacity);
        yaml.Pair("priority", region.Priority);
        Texts(yaml, "zones", region.Zones);
        if (region.Bucket is { } bucket)
        {
            yaml.Group("bucket", () => Bucket(yaml, bucket));
        }

        if (region.Cluster is { } cluster)
        {
            yaml.Group("cluster", () => ClusterWriter.Write(yaml, cluster));
        }
    }

    internal static void Bucket(YamlText yaml, BucketSpec bucket)
    {
        yaml.Pair("url", bucket.Url);
        yaml.Pair("endpoint", bucket.Endpoint);
        Flag(yaml, "pathStyle", bucket.PathStyle);
        yaml.Pair("signingRegion", bucket.SigningRegion);
        yaml.Pair("storageClass", bucket.StorageClass);
        yaml.Pair("kmsKeyId", bucket.KmsKeyId);
        Flag(yaml, "objectLock", bucket.ObjectLock);
        if (bucket.Lock is { } period)
        {
            yaml.Pair("lock", Quantity.Text(period));
        }

        yaml.Pair("profile", bucket.Profile);
    }

    private static void Node(YamlText yaml, NodeSpec node)
    {
        yaml.Pair("name", node.Name);
        yaml.Pair("kind", EnumNames<NodeKind>.Of(node.Kind));
        yaml.Pair("region", node.Region);
        yaml.Pair("zone", node.Zone);
        yaml.Pair("home", node.Home);
        Control(yaml, node.Control);
        yaml.Pair("rpc", node.Rpc);
        if (node.Database != NodeDefaults.Database)
        {
            yaml.Pair("database", node.Database);
        }

        if (node.Backup != EstateDefaults.Backup(node.Kind))
        {
            yaml.Pair("backup", EnumNames<BackupMethod>.Of(node.Backup));
        }

        Texts(yaml, "extras", node.Extras);
        if (node.FreezeBudget != NodeDefaults.FreezeBudget)
        {
            yaml.Pair("freezeBudget", Quantity.Text(node.FreezeBudget));
        }

        if (node.Signer is { } signer)
        {
            yaml.Group("signer", () => SigningWriter.Write(yaml, signer));
        }

        if (node.Probe is { } probe)
        {
            yaml.Group("probe", () => ProbeWriter.Write(yaml, probe));
        }

        yaml.Pair("standbyFor", node.StandbyFor);
    }

    internal static void Control(YamlText yaml, ControlSpec control) => yaml.Group("control", () =>
    {
        yaml.Pair("type", control.Type);
        yaml.Pair("unit", control.Unit);
        Texts(yaml, "command", control.Command);
        yaml.Pair("stopTimeout", Quantity.Text(control.StopTimeout));
    });

    internal static void Flag(YamlText yaml, string key, bool value)
    {
        if (value)
        {
            yaml.Pair(key, true);
        }
    }

    internal static void Texts(YamlText yaml, string key, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            yaml.List(key, values);
        }
    }
}
