using System.Collections.Concurrent;
using System.Security.Cryptography;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Writing;

namespace VirtEngine.DR.Backups.Indexing;

/// <summary>
/// Which tables need not be read again, per bucket and repository id. A hint, never the truth: every object that it names is confirmed
/// by the bucket's listing, a share of it is read again each time, all of it regularly, and a damaged file is as good as none.
/// </summary>
internal sealed class KnownTables
{
    private const int Format = 1;
    private readonly ConcurrentDictionary<string, KnownTable> _tables = new(StringComparer.Ordinal);

    /// <summary>When everything was last read.</summary>
    public DateTimeOffset FullReadAt { get; set; }

    /// <summary>Where the index of a node lies.</summary>
    public static string PathOf(string folder, string repositoryId, string chain, string node) => Path.Combine(folder, $"{repositoryId}-{chain}-{node}.tables");

    /// <summary>The table, when it is the one that was seen before. Without a real birth time nothing is known.</summary>
    public KnownTable? Find(SnapshotFile file) =>
        file is { Immutable: true, Identity: { BirthNanoseconds: not 0 } identity }
        && _tables.TryGetValue(file.Path, out var known) && known.Size == file.Size && known.Identity == identity
            ? known
            : null;

    /// <summary>Remembers a table whose last change lies at least 2 s before the instant.</summary>
    public void Add(SnapshotFile file, string sha256, IReadOnlyList<UploadedObject> objects, DateTimeOffset instant)
    {
        if (file is { Immutable: true, Identity: { BirthNanoseconds: not 0 } identity, Size: > 0 }
            && identity.ModifiedNanoseconds <= (instant.ToUnixTimeMilliseconds() - 2000) * 1_000_000
            && objects.All(item => item.Name is not null))
        {
            _tables[file.Path] = new KnownTable(file.Path, file.Size, identity, sha256, objects);
        }
    }

    /// <summary>Reads the index; null when there is none or it is damaged.</summary>
    public static KnownTables? Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        if (bytes.Length < 32 || !SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - 32)))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, 0, bytes.Length - 32));
        if (reader.ReadInt32() != Format)
        {
            return null;
        }

        var index = new KnownTables { FullReadAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()) };
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var table = ReadTable(reader);
            index._tables[table.Path] = table;
        }

        return index;
    }

    /// <summary>Writes the index so that it is either the old or the new one after a crash.</summary>
    public void Save(string path)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write(FullReadAt.ToUnixTimeMilliseconds());
            writer.Write(_tables.Count);
            foreach (var table in _tables.Values)
            {
                WriteTable(writer, table);
            }
        }

        var content = memory.ToArray();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        LinuxFiles.WriteDurably(path, [.. content, .. SHA256.HashData(content)]);
    }

    private static void WriteTable(BinaryWriter writer, KnownTable table)
    {
        writer.Write(table.Path);
        writer.Write(table.Size);
        writer.Write(table.Identity.Device);
        writer.Write(table.Identity.Inode);
        writer.Write(table.Identity.BirthNanoseconds);
        writer.Write(table.Identity.ModifiedNanoseconds);
        writer.Write(Convert.FromHexString(table.Sha256));
        writer.Write(table.Objects.Count);
        foreach (var item in table.Objects)
        {
            writer.Write(item.Key);
            writer.Write(Convert.FromHexString(item.Sha256));
            writer.Write(item.Size);
            writer.Write(item.Stored);
        }
    }

    private static KnownTable ReadTable(BinaryReader reader)
    {
        var path = reader.ReadString();
        var size = reader.ReadInt64();
        var identity = new FileIdentity(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt64(), reader.ReadInt64());
        var sha256 = Convert.ToHexStringLower(reader.ReadBytes(32));
        var objects = new UploadedObject[reader.ReadInt32()];
        for (var i = 0; i < objects.Length; i++)
        {
            var key = reader.ReadString();
            var digest = Convert.ToHexStringLower(reader.ReadBytes(32));
            _ = ObjectName.TryParse(key, out var name);
            objects[i] = new UploadedObject(key, name, digest, reader.ReadInt32(), reader.ReadInt32());
        }

        return new KnownTable(path, size, identity, sha256, objects);
    }
}
