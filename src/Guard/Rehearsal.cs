using System.Diagnostics;

namespace VirtEngine.DR.Guard;

/// <summary>Runs every path of a pause on the guard itself, stopping nothing, so that all of it is compiled before a node waits for it.</summary>
internal static class Rehearsal
{
    /// <summary>Plays a pause.</summary>
    public static void Run(GuardOptions options)
    {
        var self = new Target(Environment.ProcessId, Proc.Stat(Environment.ProcessId)?.Start ?? 0);
        using var silent = new LinePipe { Signalled = true };
        var played = new GuardLoop(options with { Targets = [self], Record = null }, silent, new NoBrake());
        played.Play();
        GC.KeepAlive(Stopwatch.GetElapsedTime(0));
    }

    private sealed class NoBrake : IBrake
    {
        public bool ShowsInState => false;

        public Refusal? Check() => null;

        public Refusal? Pull() => null;

        public bool Holds() => true;

        public void Release() => _ = Libc.Signal(Environment.ProcessId, 0);
    }
}
