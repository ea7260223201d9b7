using System.Runtime.InteropServices;

namespace VirtEngine.DR.Guard;

/// <summary>SIGSTOP and SIGCONT, process by process.</summary>
/// <param name="targets">The processes.</param>
internal sealed class SignalBrake(IReadOnlyList<Target> targets) : IBrake
{
    private int stopped;

    public bool ShowsInState => true;

    public Refusal? Check()
    {
        foreach (var target in targets)
        {
            if (target.State() == 0)
            {
                return new Refusal("target-gone", $"process {target.Pid} with start time {target.Start} does not exist");
            }

            if (target.FoundStopped())
            {
                return new Refusal("target-stopped", $"process {target.Pid} was found stopped: somebody fenced it");
            }

            if (Libc.Signal(target.Pid, 0) != 0)
            {
                return new Refusal("target-denied", $"signals to process {target.Pid} are not permitted (errno {Marshal.GetLastPInvokeError()})");
            }
        }

        return null;
    }

    public Refusal? Pull()
    {
        if (Check() is { } refusal)
        {
            return refusal;
        }

        foreach (var target in targets)
        {
            if (Libc.Signal(target.Pid, Libc.Stop) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                Release();
                return new Refusal("target-denied", $"SIGSTOP to process {target.Pid} failed (errno {error})");
            }

            stopped++;
        }

        return null;
    }

    public bool Holds() => true;

    public void Release()
    {
        while (stopped > 0)
        {
            var target = targets[--stopped];
            if (target.State() != 0)
            {
                Libc.Signal(target.Pid, Libc.Continue);
            }
        }
    }
}
