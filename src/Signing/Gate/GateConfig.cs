using System.Text.Json;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>A bucket of the register, as a host reaches it.</summary>
public sealed record GateBucket
{
    /// <summary>Its name among the members.</summary>
    public required string Name { get; init; }

    /// <summary><c>s3://bucket/prefix</c>, or <c>file:///folder</c> for an estate of one machine.</summary>
    public required string Url { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>A custom S3 endpoint.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Address buckets by path.</summary>
    public bool PathStyle { get; init; }

    /// <summary>The bucket keeps versions: the oldest counts.</summary>
    public bool Versioned { get; init; }

    /// <summary>A profile of the AWS credentials file.</summary>
    public string? Profile { get; init; }
}

/// <summary>An RPC that shows the chain.</summary>
public sealed record GateRpc
{
    /// <summary>Whose it is: two RPCs of one source are one witness.</summary>
    public required string Source { get; init; }

    /// <summary>Where it is.</summary>
    public required string Url { get; init; }
}

/// <summary>The public half of a key that a person keeps offline, for break glass.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="PublicKey">PEM.</param>
public sealed record OfflineKey(string Name, string PublicKey);

/// <summary>What the gate of one key needs to know on its host, without estate, engine or network: <c>gate.json</c> beside the record.</summary>
public sealed record GateConfig
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The register's id, pinned.</summary>
    public required string Register { get; init; }

    /// <summary>The HRS file.</summary>
    public required string HrsFile { get; init; }

    /// <summary>Whose it is.</summary>
    public HrsFormat Format { get; init; }

    /// <summary>How this machine is told from others.</summary>
    public IdentityKind Identity { get; init; }

    /// <summary>The disk that holds the record, as in /sys/block.</summary>
    public string? Disk { get; init; }

    /// <summary>Where the host's /proc and /sys are seen from; another place than / only inside a container.</summary>
    public string HostRoot { get; init; } = "/";

    /// <summary>The register's buckets.</summary>
    public required IReadOnlyList<GateBucket> Buckets { get; init; }

    /// <summary>RPCs of at least two sources.</summary>
    public required IReadOnlyList<GateRpc> Rpcs { get; init; }

    /// <summary>Who may start the signer without the register, two at a time.</summary>
    public IReadOnlyList<OfflineKey> OfflineKeys { get; init; } = [];

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is missing or wrong; everything wrong is named.</exception>
    public static GateConfig Read(string path)
    {
        try
        {
            var config = JsonSerializer.Deserialize<GateConfig>(File.ReadAllBytes(path), Options) ?? throw new InvalidDataException($"'{path}' is empty");
            return config.Problems() is { Count: > 0 } problems ? throw new InvalidDataException($"'{path}': {string.Join("; ", problems)}") : config;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"'{path}' is missing: this key is not enrolled on this host, and its gate starts nothing", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not readable: {e.Message}", e);
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="InvalidDataException">It is wrong, or a gate of another register stands there.</exception>
    public void Save(string path)
    {
        if (Problems() is { Count: > 0 } problems)
        {
            throw new InvalidDataException($"'{path}': {string.Join("; ", problems)}");
        }

        if (File.Exists(path) && Read(path) is { } present && present.Register != Register)
        {
            throw new InvalidDataException($"'{path}' is of register '{present.Register}' and not of '{Register}': this key is under another register on this host, and two registers are two truths");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DurableBytes.Write(path, Write(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Its bytes.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Everything that is wrong with it.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Register.Length == 0)
        {
            problems.Add("register: the register's id is needed");
        }

        if (!Path.IsPathRooted(HrsFile))
        {
            problems.Add($"hrsFile: '{HrsFile}' must be an absolute path");
        }

        if (Buckets.Count == 0 || Buckets.Select(bucket => bucket.Name).Distinct(StringComparer.Ordinal).Count() != Buckets.Count)
        {
            problems.Add("buckets: at least one, and no name twice");
        }

        foreach (var bucket in Buckets)
        {
            if (!Uri.TryCreate(bucket.Url, UriKind.Absolute, out var url) || url.Scheme is not ("s3" or "file"))
            {
                problems.Add($"buckets: '{bucket.Name}' is '{bucket.Url}'; allowed are s3://bucket/prefix and file:///folder");
            }
        }

        foreach (var rpc in Rpcs)
        {
            if (!Uri.TryCreate(rpc.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                problems.Add($"rpcs: '{rpc.Source}' is '{rpc.Url}'; allowed are http and https");
            }
        }

        if (Rpcs.Select(rpc => rpc.Source).Distinct(StringComparer.Ordinal).Count() < GateRules.Sources)
        {
            problems.Add($"rpcs: {GateRules.Sources} different sources are needed for the first start after a boot");
        }

        return problems;
    }
}
