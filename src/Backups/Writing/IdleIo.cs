using System.Runtime.InteropServices;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>Puts the calling thread's reads into Linux' idle class until disposed. A kernel that refuses, or a disk scheduler without classes,
/// leaves everything as it is: it is a courtesy to the node, never a condition.</summary>
internal readonly partial struct IdleIo : IDisposable
{
    private const int Process = 1;
    private const int Idle = 3 << 13;
    private readonly int _former;

    private IdleIo(int former) => _former = former;

    /// <summary>Enters the class; the same thread must dispose what is returned, with no await in between.</summary>
    public static IdleIo Enter(bool idle)
    {
        if (!idle || Numbers is not var (get, set))
        {
            return default;
        }

        var former = (int)Call(get, Process, 0, 0);
        return former >= 0 && former >> 13 != Idle >> 13 && Call(set, Process, 0, Idle) == 0 ? new IdleIo(former + 1) : default;
    }

    /// <summary>The calling thread's class (0 none, 1 real time, 2 best effort, 3 idle) as the kernel has it; -1 where it cannot be asked.</summary>
    public static int CurrentClass => Numbers is var (get, _) && Call(get, Process, 0, 0) is >= 0 and var value ? (int)value >> 13 : -1;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_former > 0 && Numbers is var (_, set))
        {
            _ = Call(set, Process, 0, _former - 1);
        }
    }

    /// <summary>The C library has no function for it: the kernel's own numbers, by architecture.</summary>
    private static (nint Get, nint Set)? Numbers => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (252, 251),
        Architecture.Arm64 => (31, 30),
        _ => null,
    };

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, nint which, nint who, nint value);
}
