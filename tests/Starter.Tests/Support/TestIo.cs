using VirtEngine.DR.Starter;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Tests.Support;

/// <summary>The program's streams and environment in a test.</summary>
internal sealed class TestIo
{
    private readonly System.Text.StringBuilder output = new();
    private readonly System.Text.StringBuilder error = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal) { ["USER"] = "alice" };

    public string Output => output.ToString();

    public string Error => error.ToString();

    public string Keyboard { get; init; } = "";

    public bool Interactive { get; init; }

    public CliIo Io => new()
    {
        Out = new StringWriter(output),
        Error = new StringWriter(error),
        In = new StringReader(Keyboard),
        Interactive = Interactive,
        Environment = name => Environment.GetValueOrDefault(name),
    };

    /// <summary>Runs the program in this process.</summary>
    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, Io, Xunit.TestContext.Current.CancellationToken);
}
