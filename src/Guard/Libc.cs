using System.Runtime.InteropServices;

namespace VirtEngine.DR.Guard;

/// <summary>The few calls of libc that the platform's library does not have. Linux, 64 bit.</summary>
internal static unsafe partial class Libc
{
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;
    public const int OpenReadOnly = 0;
    public const int OpenCloseOnExec = 0x80000;
    public const int PollIn = 1;
    public const int NoSuchProcess = 3;
    public const int Interrupted = 4;
    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    public static partial int Signal(int pid, int signal);

    [LibraryImport(Name, EntryPoint = "setsid", SetLastError = true)]
    public static partial int NewSession();

    [LibraryImport(Name, EntryPoint = "getsid", SetLastError = true)]
    public static partial int SessionOf(int pid);

    [LibraryImport(Name, EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, int who, int priority);

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, byte* buffer, nint count);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int file, byte* buffer, nint count);

    [LibraryImport(Name, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    [LibraryImport(Name, EntryPoint = "unlink", SetLastError = true)]
    public static partial int Unlink(byte* path);

    [LibraryImport(Name, EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint ReadDirectory(int file, byte* buffer, nint count);

    [LibraryImport(Name, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport(Name, EntryPoint = "usleep", SetLastError = true)]
    public static partial int SleepMicroseconds(uint microseconds);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
