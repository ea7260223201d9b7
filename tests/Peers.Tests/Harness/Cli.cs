using System.Text.Json;
using System.Text.Json.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>The operator's program, run as a process as an operator would.</summary>
public sealed class Cli(string estate, string address, IReadOnlyDictionary<string, string>? more = null)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "virtengine-dr");

    private readonly Dictionary<string, string> _environment = new(S3Region.Credentials.Concat(more ?? new Dictionary<string, string>()))
    {
        ["VIRTENGINE_ESTATE"] = estate,
        ["TEMPORAL_ADDRESS"] = address,
        ["AWS_REGION"] = "us-east-1",
        ["NO_COLOR"] = "1",
    };

    /// <summary>The same program with further variables, as another host has them.</summary>
    public Cli With(IReadOnlyDictionary<string, string> variables) => new(estate, address, variables);

    /// <summary>Starts a command that stays.</summary>
    public ChildProgram Start(params string[] arguments) => ChildProgram.Start(Program, arguments, _environment);

    /// <summary>Starts a worker process.</summary>
    public ChildProgram StartWorker(params string[] arguments) => ChildProgram.Start(Program, ["worker", .. arguments], _environment);

    /// <summary>Runs a command to its end; the exit code and both streams.</summary>
    public async Task<(int Code, string Output)> TryAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        await using ChildProgram child = ChildProgram.Start(Program, arguments, _environment);
        int code = await child.WaitAsync(cancellationToken);
        return (code, child.Output);
    }

    /// <summary>Runs a command that must succeed, and reads the JSON that it prints.</summary>
    public async Task<JsonNode> JsonAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        (int code, string output) = await TryAsync(cancellationToken, [.. arguments, "--output", "json"]);
        int start = output.IndexOfAny(['{', '[']);
        return code == 0 && start >= 0
            ? JsonNode.Parse(output[start..])!
            : throw new InvalidOperationException($"virtengine-dr {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    /// <summary>The state of a run; fails where nobody can tell it now.</summary>
    public async Task<JsonNode> StateAsync(string run, CancellationToken cancellationToken)
    {
        (int _, string output) = await TryAsync(cancellationToken, "status", run, "--output", "json");
        return Json(output) is { } state && state["phase"] is not null ? state : throw new InvalidOperationException(output);
    }

    /// <summary>The one JSON that a command printed; null where it printed none, or an error beside it (a run that nobody can be asked about now).</summary>
    public static JsonNode? Json(string output)
    {
        int start = output.IndexOf('{', StringComparison.Ordinal);
        try
        {
            return start >= 0 ? JsonNode.Parse(output[start..]) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Waits until a run is in a phase; fails at once when it is closed or parked instead.</summary>
    public Task<JsonNode> PhaseAsync(string run, string phase, TimeSpan within, CancellationToken cancellationToken) =>
        Eventually.GetAsync($"run {run} is {phase}", within, async () =>
        {
            JsonNode state = await StateAsync(run, cancellationToken);
            string now = state["phase"]!.GetValue<string>();
            return now == phase ? state
                : now is "closed" or "parked" ? throw new ArgumentException($"run {run} is {now} instead of {phase}:\n{state}")
                : null;
        }, cancellationToken);
}
