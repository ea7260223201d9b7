using System.Runtime.InteropServices;

namespace VirtEngine.DR.Signing;

/// <summary>The signer's lock: exclusive, one a key and host, held by an open descriptor for as long as any process that inherited it lives.</summary>
public sealed partial class HostLock : IDisposable
{
    private const int ReadWriteCreate = 0x2 | 0x40;
    private const int CloseOnExec = 0x80000;
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int WouldBlock = 11;
    private const int Interrupted = 4;
    private int _descriptor;

    private HostLock(int descriptor) => _descriptor = descriptor;

    /// <summary>Takes it; null when somebody holds it.</summary>
    /// <param name="path">The fixed host path.</param>
    /// <param name="inherited">True for the gate: the signer inherits it. False for who only wants to know that it is free.</param>
    /// <exception cref="IOException">It can be neither taken nor refused (a missing right, a file system without locks).</exception>
    public static HostLock? TryTake(string path, bool inherited)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var descriptor = Open(path, ReadWriteCreate | (inherited ? 0 : CloseOnExec), 0x180 /* 0600 */);
        if (descriptor < 0)
        {
            throw new IOException($"the signer's lock '{path}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        int error;
        do
        {
            if (Flock(descriptor, Exclusive | NonBlocking) == 0)
            {
                return new HostLock(descriptor);
            }

            error = Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);

        _ = Close(descriptor);
        return error == WouldBlock ? null : throw new IOException($"the signer's lock '{path}' cannot be taken: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Frees it, unless a process inherited it.</summary>
    public void Dispose()
    {
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
