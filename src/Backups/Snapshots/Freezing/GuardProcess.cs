using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Backups.Snapshots.Freezing;

/// <summary>
/// The guard, seen from the process that takes the snapshot. Its calls wait on the thread that makes them: between stop and thaw no
/// other work of this process may come in between, as it would on the thread pool.
/// </summary>
internal sealed class GuardProcess : IDisposable
{
    private static readonly TimeSpan ArmingTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private readonly Process process;
    private readonly ThawRecord record;
    private readonly string recordPath;
    private readonly StringBuilder line = new();
    private readonly Timer watchdog;
    private readonly TimeSpan budget;
    private bool ended;

    private GuardProcess(Process process, ThawRecord record, string recordPath, TimeSpan budget)
    {
        (this.process, this.record, this.recordPath, this.budget) = (process, record, recordPath, budget);
        watchdog = new Timer(_ => Expire(), null, ArmingTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The guard's process id.</summary>
    public int Pid => process.Id;

    /// <summary>Starts the guard and waits until it is armed. Nothing is stopped yet.</summary>
    public static GuardProcess Arm(ThawRecord record, string recordPath, TimeSpan budget)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "VirtEngine.DR.Guard");
        var start = File.Exists(program) ? new ProcessStartInfo(program) : new ProcessStartInfo("dotnet") { ArgumentList = { program + ".dll" } };
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.UseShellExecute) = (true, true, false);
        string[] arguments = [
            "--budget-ms", ((int)budget.TotalMilliseconds).ToString(CultureInfo.InvariantCulture), "--record", recordPath,
            .. record.Targets.SelectMany(target => new[] { "--target", target.ToString() }), .. record.Cgroup is null ? Array.Empty<string>() : ["--cgroup", record.Cgroup]];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // A guard of another configuration (profilers, diagnostics ports) would start slower or listen; it needs none of it.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        GuardProcess guard;
        try
        {
            guard = new GuardProcess(Process.Start(start)!, record, recordPath, budget);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new SnapshotException(SnapshotErrors.GuardFailed, $"the guard '{start.FileName}' cannot be started: {failure.Message}", failure);
        }

        try
        {
            guard.Expect("armed");
            return guard;
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    }

    /// <summary>Stops the node. The record is on disk before.</summary>
    public void Stop()
    {
        record.Write(recordPath);
        watchdog.Change(budget + Grace, Timeout.InfiniteTimeSpan);
        try
        {
            Send("stop");
        }
        catch (IOException failure)
        {
            throw Failed(failure.Message);
        }

        Expect("stopped");
    }

    /// <summary>Lets the node go on.</summary>
    /// <returns>What the guard saw.</returns>
    public GuardReport Thaw()
    {
        try
        {
            Send("thaw");
        }
        catch (IOException)
        {
            // The budget was over and the guard has ended: its report still stands in the pipe.
            ended = false;
        }

        var words = ReadLine().Split(' ', 7);
        if (words is ["thawed", var reason, var pause, var threads, var ran, var whole, ..])
        {
            ended = true;
            return new GuardReport(
                reason, TimeSpan.FromMicroseconds(double.Parse(pause, CultureInfo.InvariantCulture) / 1000), int.Parse(threads, CultureInfo.InvariantCulture),
                long.Parse(ran, CultureInfo.InvariantCulture), whole == "whole", words.Length > 6 ? words[6] : "");
        }

        throw Failed(string.Join(' ', words));
    }

    /// <summary>Whatever happened: the node goes on, and the guard ends.</summary>
    public void Dispose()
    {
        watchdog.Dispose();
        try
        {
            // The end of its input is the guard's order to thaw.
            process.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // It is gone already; what it may have left is let go on below.
            ended = false;
        }

        if (!ended)
        {
            ThawByHand();
        }

        process.Dispose();
    }

    private void Send(string word)
    {
        process.StandardInput.BaseStream.Write(Encoding.ASCII.GetBytes(word + "\n"));
        process.StandardInput.BaseStream.Flush();
    }

    private void Expect(string word)
    {
        var said = ReadLine();
        if (said == word)
        {
            return;
        }

        var words = said.Split(' ', 3);
        throw words switch
        {
            ["refused", var code, var message] => new SnapshotException(code, message),
            ["thawed", "budget", ..] => new SnapshotException(SnapshotErrors.BudgetExceeded, $"the node did not come to a stand within {budget.TotalMilliseconds} ms"),
            _ => Failed(said),
        };
    }

    private string ReadLine()
    {
        line.Clear();
        var stream = process.StandardOutput.BaseStream;
        for (int next; (next = stream.ReadByte()) != '\n';)
        {
            if (next < 0)
            {
                throw Failed("it ended");
            }

            line.Append((char)next);
        }

        return line.ToString();
    }

    private SnapshotException Failed(string what)
    {
        ThawByHand();
        return new SnapshotException(SnapshotErrors.GuardFailed, $"the guard (process {Pid}) failed: {what}; the node was let go on");
    }

    /// <summary>The guard did not answer in time (somebody stopped it): it is killed, so that its pipe ends and the reader goes on.</summary>
    private void Expire()
    {
        ThawByHand();
        process.Kill();
    }

    /// <summary>Only while the record is there: without it the guard has let go already, and a stopped node would be somebody's fence.</summary>
    private void ThawByHand()
    {
        if (File.Exists(recordPath))
        {
            record.Thaw();
            File.Delete(recordPath);
        }
    }
}

/// <summary>What the guard saw.</summary>
/// <param name="Reason"><c>request</c>, <c>budget</c>, <c>pipe</c> or <c>signal</c>.</param>
/// <param name="Pause">From the first stop to the last thread's going on.</param>
/// <param name="Threads">Threads that stood still.</param>
/// <param name="RanNanoseconds">Their time on a processor during the pause.</param>
/// <param name="Whole">Nothing ran.</param>
/// <param name="Detail">What ran, else empty.</param>
internal sealed record GuardReport(string Reason, TimeSpan Pause, int Threads, long RanNanoseconds, bool Whole, string Detail);
