using System.Diagnostics;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>A real program from PATH, stopped by its own process when disposed.</summary>
internal sealed class PeerProgram : IAsyncDisposable
{
    private readonly Process _process;

    private PeerProgram(Process process) => _process = process;

    /// <summary>Starts the program, or skips the test with a message that names it (fails where peers are required).</summary>
    public static PeerProgram Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var path = Find(program);
        var info = new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new PeerProgram(process);
    }

    /// <summary>The program's path.</summary>
    public static string Find(string program)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("VIRTENGINE_REQUIRE_PEERS") == "1", $"'{program}' is not on PATH and peers are required");
            Assert.Skip($"'{program}' is not on PATH");
        }

        return path;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
