using System.Runtime.InteropServices;

namespace VirtEngine.DR.Activities.Nodes.Process;

/// <summary>A process held by descriptor, so that a signal can never reach another one that got its id meanwhile.</summary>
internal sealed partial class PidHandle : IDisposable
{
    private const long PidfdSendSignal = 424;
    private const long PidfdOpen = 434;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int NoSuchProcess = 3;

    private readonly int _descriptor;

    private PidHandle(int descriptor) => _descriptor = descriptor;

    /// <summary>Opens the process if it is still the one that started then; null when it is gone.</summary>
    public static PidHandle? Open(int pid, ulong startTime)
    {
        var descriptor = (int)Syscall(PidfdOpen, pid, 0, 0, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() == NoSuchProcess
                ? null
                : throw new IOException($"cannot open process {pid}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        var handle = new PidHandle(descriptor);
        if (ProcFs.Stat(pid)?.StartTime != startTime)
        {
            handle.Dispose();
            return null;
        }

        return handle;
    }

    /// <summary>SIGTERM; a process that is gone already is fine.</summary>
    /// <exception cref="UnauthorizedAccessException">Not permitted: the worker must run as the node's user or root.</exception>
    public void Terminate() => Send(SigTerm, "SIGTERM");

    /// <summary>SIGCONT: a stopped process goes on, and hears first what it was sent meanwhile.</summary>
    /// <exception cref="UnauthorizedAccessException">Not permitted: the worker must run as the node's user or root.</exception>
    public void Continue() => Send(SigCont, "SIGCONT");

    private void Send(int signal, string name)
    {
        if (Syscall(PidfdSendSignal, _descriptor, signal, 0, 0) != 0 && Marshal.GetLastPInvokeError() is not NoSuchProcess)
        {
            throw new UnauthorizedAccessException($"{name} was refused: {Marshal.GetLastPInvokeErrorMessage()}; run the node worker as the node's user or root");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Close(_descriptor);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long first, long second, nint third, long fourth);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
