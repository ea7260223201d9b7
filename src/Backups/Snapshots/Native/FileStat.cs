using System.Buffers.Binary;

namespace VirtEngine.DR.Backups.Snapshots.Native;

/// <summary>What <c>statx</c> says of a file.</summary>
internal readonly record struct FileStat(uint Mode, ulong Device, ulong Inode, long Size, long ModifiedNanoseconds, long BirthNanoseconds)
{
    private const int Bytes = 256;
    private const uint TypeMask = 0xf000;

    /// <summary>What names the file among all on this host.</summary>
    public (ulong Device, ulong Inode) Key => (Device, Inode);

    public bool Regular => (Mode & TypeMask) == 0x8000;

    public bool Folder => (Mode & TypeMask) == 0x4000;

    public bool Link => (Mode & TypeMask) == 0xa000;

    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0x1ff);

    public FileIdentity Identity => new(Device, Inode, BirthNanoseconds, ModifiedNanoseconds);

    /// <summary>Reads a name in a folder, never through a link.</summary>
    /// <returns>False when it cannot be read; <see cref="Posix.Error"/> says why.</returns>
    public static unsafe bool TryRead(int folder, ReadOnlySpan<byte> name, out FileStat stat)
    {
        var bytes = stackalloc byte[Bytes];
        stat = default;
        fixed (byte* path = name)
        {
            var flags = Posix.SymlinkNoFollow | (name[0] == 0 ? Posix.EmptyPath : 0);
            if (Posix.Stat(folder, path, flags, Posix.BasicStats | Posix.BirthTime, bytes) != 0)
            {
                return false;
            }
        }

        stat = Parse(new ReadOnlySpan<byte>(bytes, Bytes));
        return true;
    }

    /// <summary>Reads an open file.</summary>
    public static bool TryRead(int file, out FileStat stat) => TryRead(file, "\0"u8, out stat);

    public static FileStat Parse(ReadOnlySpan<byte> bytes)
    {
        var born = (BinaryPrimitives.ReadUInt32LittleEndian(bytes) & Posix.BirthTime) != 0;
        var (major, minor) = ((ulong)Number(bytes, 136), (ulong)Number(bytes, 140));
        var device = ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12) | (minor & 0xff);
        return new FileStat(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]), device, BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]), Time(bytes, 112), born ? Time(bytes, 80) : 0);
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Time(ReadOnlySpan<byte> bytes, int at) =>
        (BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]) * 1_000_000_000) + Number(bytes, at + 8);
}
