using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace VirtEngine.DR.Simulation.Store;

/// <summary>
/// An append-only file of records, each with its length and masked CRC32C, written in one call: a kill leaves at most a torn last
/// record, which is cut off when the file is opened again.
/// </summary>
public sealed class Journal : IDisposable
{
    private const int HeaderBytes = 8;
    private readonly SafeFileHandle file;

    private Journal(string path, SafeFileHandle file, long length)
    {
        Path = path;
        Length = length;
        this.file = file;
    }

    /// <summary>The journal's file.</summary>
    public string Path { get; }

    /// <summary>Bytes of whole records.</summary>
    public long Length { get; private set; }

    /// <summary>Opens or creates the journal to append, and cuts a torn tail off.</summary>
    public static Journal Open(string path)
    {
        var whole = File.Exists(path) ? Read(path).Length : 0;
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) > whole)
        {
            RandomAccess.SetLength(file, whole);
        }

        return new Journal(path, file, whole);
    }

    /// <summary>All whole records of a file, and where they end.</summary>
    public static (List<byte[]> Records, long Length) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var records = new List<byte[]>();
        var at = 0;
        while (bytes.Length - at >= HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            if (length < 0 || length > bytes.Length - at - HeaderBytes)
            {
                break;
            }

            var payload = bytes.AsSpan(at + HeaderBytes, length);
            if (MaskedCrc.Of(payload) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)))
            {
                break;
            }

            records.Add(payload.ToArray());
            at += HeaderBytes + length;
        }

        return (records, at);
    }

    /// <summary>Appends a record.</summary>
    public void Append(ReadOnlySpan<byte> payload)
    {
        var record = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, MaskedCrc.Of(payload));
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), payload.Length);
        payload.CopyTo(record.AsSpan(HeaderBytes));
        RandomAccess.Write(file, record, Length);
        Length += record.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
