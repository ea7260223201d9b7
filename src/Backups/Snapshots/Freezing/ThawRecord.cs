using System.Text.Json;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Backups.Snapshots.Freezing;

/// <summary>
/// What is about to be stopped, on disk before it is stopped, and deleted by the guard the moment it goes on: whoever finds it later
/// (worker and guard were killed together) knows what to let go on.
/// </summary>
/// <param name="AttemptId">The attempt.</param>
/// <param name="BootId">The kernel's boot; after another boot nothing stands still any more.</param>
/// <param name="Targets">The processes.</param>
/// <param name="Cgroup">The cgroup that is frozen, or null for SIGSTOP.</param>
internal sealed record ThawRecord(string AttemptId, string BootId, IReadOnlyList<ProcessId> Targets, string? Cgroup)
{
    /// <summary>This boot.</summary>
    public static string CurrentBoot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Writes the record so that it is there after a power loss too.</summary>
    public void Write(string path)
    {
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read))
        {
            JsonSerializer.Serialize(file, this, ThawJson.Default.ThawRecord);
            file.Flush(flushToDisk: true);
        }

        using var folder = Native.OpenFolder.Root(Path.GetDirectoryName(path)!);
        if (folder is null || Native.Posix.Sync(folder.File) != 0)
        {
            throw new IOException($"'{path}' cannot be made durable (errno {Native.Posix.Error})");
        }
    }

    /// <summary>Reads a record; null when it was cut off while it was written, which is before anything was stopped.</summary>
    public static ThawRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ThawJson.Default.ThawRecord);
        }
        catch (Exception none) when (none is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lets everything go on that the record names and that stands still.</summary>
    /// <returns>The processes that did.</returns>
    public IReadOnlyList<int> Thaw()
    {
        if (BootId != CurrentBoot)
        {
            return [];
        }

        if (Cgroup is null)
        {
            return [.. Targets.Where(target => target.Continue()).Select(target => target.Pid)];
        }

        var freeze = Path.Combine(Cgroup, "cgroup.freeze");
        if (!File.Exists(freeze) || File.ReadAllText(freeze).Trim() != "1")
        {
            return [];
        }

        File.WriteAllText(freeze, "0");
        return [.. Targets.Select(target => target.Pid)];
    }
}

/// <summary>JSON of the record, generated at build time.</summary>
[JsonSerializable(typeof(ThawRecord))]
[JsonSerializable(typeof(ProcessId))]
internal sealed partial class ThawJson : JsonSerializerContext;
