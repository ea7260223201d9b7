using System.Runtime;
using System.Runtime.InteropServices;
using System.Text;

namespace VirtEngine.DR.Guard;

/// <summary>
/// The guard: a process in its own session that stops a node for at most a budget. It speaks lines: <c>armed</c>, then on <c>stop</c>
/// <c>stopped</c>, then on <c>thaw</c>, at the end of its input, on a signal or at the budget <c>thawed</c> with what it saw.
/// </summary>
internal static class GuardProgram
{
    private const long NoCollection = 8 << 20;

    /// <summary>Runs the guard.</summary>
    /// <returns>0 when everything it stopped goes on; 2 for arguments that make no sense.</returns>
    public static int Run(string[] args)
    {
        // A process group can be killed as a whole; the guard must outlive its parent by as much as the thaw needs.
        Libc.NewSession();
        using var pipe = new LinePipe();
        try
        {
            var options = GuardOptions.Parse(args);
            using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Thaw);
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Thaw);
            using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Thaw);
            using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Thaw);
            PreferSurvival();
            Rehearsal.Run(options);
            GC.Collect();
            GC.TryStartNoGCRegion(NoCollection);
            return new GuardLoop(options, pipe, GuardLoop.BrakeFor(options)).Run();
        }
        catch (ArgumentException wrong)
        {
            pipe.Say("refused guard-failed " + wrong.Message);
            return 2;
        }

        void Thaw(PosixSignalContext context)
        {
            context.Cancel = true;
            pipe.Signalled = true;
        }
    }

    /// <summary>Asks the kernel to run the guard first and to kill it last; both are wishes that an unprivileged process is denied.</summary>
    private static void PreferSurvival()
    {
        _ = Libc.SetPriority(0, 0, -10);
        try
        {
            File.WriteAllBytes("/proc/self/oom_score_adj", Encoding.ASCII.GetBytes("-1000"));
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        }
    }
}
