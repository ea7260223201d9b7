namespace VirtEngine.DR.Signing;

/// <summary>Where a machine's identity is read from.</summary>
public enum IdentityKind
{
    /// <summary>DMI's system UUID and the serial number of the disk that holds the record.</summary>
    Hardware,

    /// <summary>The cloud's instance id (DMI's asset tag, as AWS fills it) and the volume's id (the disk's serial number).</summary>
    Cloud,

    /// <summary>The node's system UUID and the volume's handle, which the pod's manifest hands in.</summary>
    Kubernetes,
}

/// <summary>What the host says of itself, from outside of any disk.</summary>
/// <param name="root">The file system's root; another one in tests.</param>
public sealed class HostFacts(string root = "/")
{
    private static readonly string[] Placeholders =
    [
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "03000200-0400-0500-0006-000700080009", "notsettable", "notspecified", "notpresent",
        "defaultstring", "tobefilledbyo.e.m.", "none", "unknown", "0", "1", "123456789", "serial", "systemserialnumber",
    ];

    /// <summary>This boot's random id.</summary>
    /// <exception cref="IOException">The kernel does not say.</exception>
    public string BootId() => Text("proc/sys/kernel/random/boot_id") is { Length: > 0 } id ? id : throw new IOException("the kernel names no boot id (/proc/sys/kernel/random/boot_id)");

    /// <summary>The machine's identity.</summary>
    /// <param name="kind">Where it comes from.</param>
    /// <param name="disk">The disk that holds the record, as in /sys/block (such as <c>nvme0n1</c>).</param>
    /// <param name="volume">For <see cref="IdentityKind.Kubernetes"/>: the volume's handle.</param>
    /// <exception cref="InvalidOperationException">A part is missing or a placeholder that many machines share; all of them are named.</exception>
    public string Identity(IdentityKind kind, string? disk, string? volume)
    {
        var problems = new List<string>();
        var machine = kind == IdentityKind.Cloud ? Part(problems, "the instance's id", "sys/class/dmi/id/board_asset_tag") : Part(problems, "the system's UUID", "sys/class/dmi/id/product_uuid");
        var storage = kind == IdentityKind.Kubernetes
            ? volume is { Length: > 0 } ? volume : Missing(problems, "the volume's handle is not handed in (VIRTENGINE_VOLUME_HANDLE)")
            : DiskPart(problems, disk);
        return problems.Count == 0 ? $"{machine}/{storage}"
            : throw new InvalidOperationException($"this machine cannot be told from another one: {string.Join("; ", problems)}. Run as root, or choose another kind of identity");
    }

    /// <summary>A disk's serial number.</summary>
    /// <param name="disk">As in /sys/block.</param>
    /// <exception cref="InvalidOperationException">It cannot be read, or many disks share it.</exception>
    public string Serial(string disk)
    {
        var problems = new List<string>();
        var serial = DiskPart(problems, disk);
        return problems.Count == 0 ? serial : throw new InvalidOperationException($"the disk cannot be told from another one: {string.Join("; ", problems)}");
    }

    private string DiskPart(List<string> problems, string? disk) => disk is { Length: > 0 } && disk.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? Part(problems, $"the serial number of disk {disk}", $"sys/block/{disk}/device/serial", $"sys/block/{disk}/serial", $"sys/block/{disk}/device/vpd_pg80")
        : Missing(problems, $"disk '{disk}' is none of /sys/block");

    private string Part(List<string> problems, string what, params string[] files)
    {
        var found = files.Select(Text).FirstOrDefault(text => text is { Length: > 0 });
        return found is null ? Missing(problems, $"{what} cannot be read (/{files[0]})")
            : Placeholders.Contains(found, StringComparer.OrdinalIgnoreCase) ? Missing(problems, $"{what} is '{found}', which many machines share")
            : found;
    }

    private static string Missing(List<string> problems, string problem)
    {
        problems.Add(problem);
        return "";
    }

    private string? Text(string file)
    {
        try
        {
            return new string([.. File.ReadAllText(Path.Combine(root, file)).Where(c => c is > ' ' and < '\x7f')]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
