using System.Runtime.InteropServices;

namespace VirtEngine.DR.Backups.Snapshots.Native;

/// <summary>Calls relative to an open folder, so that no name is ever resolved through a symbolic link. Linux, 64 bit.</summary>
internal static unsafe partial class Posix
{
    public const int AtCurrentFolder = -100;
    public const int SymlinkNoFollow = 0x100;
    public const int EmptyPath = 0x1000;
    public const int DontSync = 0x4000;
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotFolder = 20;
    public const int TooManyLinks = 31;
    public const int IsLink = 40;
    public const int BasicStats = 0x7ff;
    public const int BirthTime = 0x800;
    private const string Name = "libc";

    // O_DIRECTORY and O_NOFOLLOW are swapped around between x86-64 and arm64.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static int Folder { get; } = Arm ? 0x4000 : 0x10000;

    public static int NoFollow { get; } = Arm ? 0x8000 : 0x20000;

    public static int Error => Marshal.GetLastPInvokeError();

    [LibraryImport(Name, EntryPoint = "openat", SetLastError = true)]
    public static partial int Open(int folder, byte* name, int flags, int mode);

    [LibraryImport(Name, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    [LibraryImport(Name, EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int file, long offset, int whence);

    [LibraryImport(Name, EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint ReadFolder(int folder, byte* buffer, nint count);

    [LibraryImport(Name, EntryPoint = "linkat", SetLastError = true)]
    public static partial int Link(int fromFolder, byte* from, int toFolder, byte* to, int flags);

    [LibraryImport(Name, EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int Unlink(int folder, byte* name, int flags);

    [LibraryImport(Name, EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeFolder(int folder, byte* name, int mode);

    [LibraryImport(Name, EntryPoint = "statx", SetLastError = true)]
    public static partial int Stat(int folder, byte* name, int flags, uint mask, byte* into);

    [LibraryImport(Name, EntryPoint = "pread", SetLastError = true)]
    public static partial nint Read(int file, byte* buffer, nint count, long offset);

    [LibraryImport(Name, EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Write(int file, byte* buffer, nint count, long offset);

    [LibraryImport(Name, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int file);
}
