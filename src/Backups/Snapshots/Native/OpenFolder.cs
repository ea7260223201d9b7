using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace VirtEngine.DR.Backups.Snapshots.Native;

/// <summary>A folder held open: everything in it is reached relative to it.</summary>
internal sealed unsafe class OpenFolder : IDisposable
{
    private const int HeadBytes = 19;
    private static readonly byte[] Here = [(byte)'.', 0];
    private int file;

    private OpenFolder(int file) => this.file = file;

    /// <summary>The descriptor.</summary>
    public int File => file;

    /// <summary>Opens a root by its path; the root itself may be reached through links, for an operator may have placed it so.</summary>
    public static OpenFolder? Root(string path) => Open(Posix.AtCurrentFolder, Name(path), 0);

    /// <summary>Opens a folder in this one; a link is refused.</summary>
    public OpenFolder? Child(ReadOnlySpan<byte> name) => Open(file, name, Posix.NoFollow);

    /// <summary>A name for libc: UTF-8 with a NUL.</summary>
    public static byte[] Name(string name) => Encoding.UTF8.GetBytes(name + '\0');

    /// <summary>Calls the visitor for each name but '.' and '..'. Names end with a NUL that the span holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : IFolderVisitor
    {
        // A fresh descriptor has its own position, so that folders can be listed while they are listed.
        int list;
        fixed (byte* here = Here)
        {
            list = Posix.Open(file, here, Posix.ReadOnly | Posix.Folder | Posix.CloseOnExec, 0);
        }

        if (list < 0)
        {
            throw new IOException($"a folder cannot be listed (errno {Posix.Error})");
        }

        var buffer = (byte*)NativeMemory.Alloc(64 << 10);
        try
        {
            nint read;
            while ((read = Posix.ReadFolder(list, buffer, 64 << 10)) > 0)
            {
                for (nint at = 0; at < read; at += *(ushort*)(buffer + at + 16))
                {
                    var entry = buffer + at;
                    var length = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + HeadBytes).Length;
                    var name = new ReadOnlySpan<byte>(entry + HeadBytes, length + 1);
                    if (!(name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'))))
                    {
                        visitor.Visit(*(ulong*)entry, (EntryType)entry[18], name);
                    }
                }
            }

            if (read < 0)
            {
                throw new IOException($"a folder cannot be listed (errno {Posix.Error})");
            }
        }
        finally
        {
            NativeMemory.Free(buffer);
            Posix.Close(list);
        }
    }

    public void Dispose()
    {
        var open = Interlocked.Exchange(ref file, -1);
        if (open >= 0)
        {
            Posix.Close(open);
        }
    }

    private static OpenFolder? Open(int folder, ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* path = name)
        {
            var opened = Posix.Open(folder, path, Posix.ReadOnly | Posix.Folder | Posix.CloseOnExec | flags, 0);
            return opened < 0 ? null : new OpenFolder(opened);
        }
    }
}

/// <summary>Sees each name of a folder.</summary>
internal interface IFolderVisitor
{
    void Visit(ulong inode, EntryType type, ReadOnlySpan<byte> name);
}

/// <summary>The type as the folder's listing has it.</summary>
internal enum EntryType : byte
{
    Unknown = 0,
    Pipe = 1,
    Folder = 4,
    Regular = 8,
    Link = 10,
    Socket = 12,
}
