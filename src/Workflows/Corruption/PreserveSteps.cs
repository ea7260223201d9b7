using System.Globalization;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Forensics;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>The forensic copy that comes before anything destructive. Without one in write-once storage nothing destructive is done, unless people say so at a gate of its own.</summary>
/// <param name="node">The node.</param>
/// <param name="calls">The calls.</param>
/// <param name="waived">The run was started without one.</param>
public sealed class PreserveSteps(NodeSpec node, CorruptionCalls calls, bool waived)
{
    /// <summary>The step's id.</summary>
    public const string Id = "preserve";

    private ForensicForecast? forecast;
    private ForensicReceipt? made;

    /// <summary>What is left for people.</summary>
    public IEnumerable<string> LeftBehind => made is null ? [] : [$"The forensic copy of {node.Name} is {made.Key} in {made.Bucket}: virtengine-dr backup export --kind forensic --node {node.Name} {made.Id} --to FOLDER"];

    /// <summary>Looks where the copy would go, how large it is and how long it takes.</summary>
    public async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (waived || made is not null)
        {
            return;
        }

        forecast = await calls.ForecastAsync();
        facts.Record("copy", Describe(forecast));
    }

    /// <summary>Why nothing destructive may be done without people's word; null where there is a copy that nobody can take away.</summary>
    /// <param name="status">Where the step is.</param>
    public string? WhyAsk(StepStatus? status) =>
        waived ? "this run was started without a forensic copy"
        : status == StepStatus.Skipped ? "no forensic copy was made"
        : (made?.LockedUntil is null && made is not null) || (made is null && forecast is { WriteOnce: false }) ? $"the forensic copy is not in write-once storage ({made?.Bucket ?? forecast?.Bucket ?? "no bucket"}): whoever can write there can take it away"
        : null;

    /// <summary>What people should know.</summary>
    public IEnumerable<string> Risks() => forecast is null || made is not null ? [] :
    [
        .. forecast.Problems.Select(problem => "no forensic copy can be made: " + problem),
        .. forecast.WriteOnce || forecast.Bucket is null ? Array.Empty<string>() : [$"the forensic copy goes to {forecast.Bucket}, which is not write-once"],
    ];

    /// <summary>The step.</summary>
    public StepDeclaration Declare(string number) => new()
    {
        Number = number,
        Id = Id,
        Title = "Preserve: copy data, WAL, signing state, logs and configuration as they are to write-once storage",
        Changes = "the forensic bucket",
        LeftOut = waived ? "this run was started without it" : null,
        LeftOutMatters = true,
        Undo = UndoKind.Keep,
        KeptText = $"The forensic copy of {node.Name} stays in its bucket.",
        Skippable = true,
        Unproven = "there is no forensic copy: what the corruption looked like is lost when the data is replaced",
        Describe = WorldAsync,
        After = "complete",
        Partials = ["partial"],
        Act = async act => Describe(made = await calls.PreserveAsync(act.Key, withoutLock: forecast is { WriteOnce: false })),
    };

    private static string Describe(ForensicForecast forecast) => forecast.Problems.Count > 0
        ? "cannot be made: " + string.Join("; ", forecast.Problems)
        : Text($"{forecast.Files} files, {forecast.Bytes} bytes to {forecast.Bucket} in {forecast.Region}, {Locked(forecast.WriteOnce ? forecast.LockedUntil : null)}, about {forecast.Duration.TotalMinutes:0.#} min ({forecast.RateFrom}); not in it: {Names(forecast.LeftOut)}");

    private static string Describe(ForensicReceipt copy) =>
        Text($"{copy.Id}: {copy.Files} files, {copy.Bytes} bytes, digest {copy.Digest}, in {copy.Bucket} ({copy.Region}), {Locked(copy.LockedUntil)}; not in it: {Names(copy.LeftOut)}");

    private static string Locked(DateTimeOffset? until) => until is { } time ? Text($"locked until {time:u}") : "not write-once";

    private static string Names(IReadOnlyList<LeftOutFile> files) => files.Count == 0 ? "nothing" : string.Join(", ", files.Select(file => $"{file.Path} ({file.Why}{(file.PublicKey is { } key ? ", public key " + key : "")})"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private async Task<Observed> WorldAsync()
    {
        var now = await calls.CopyAsync();
        made = now.Receipt;
        return now.Progress switch
        {
            ForensicProgress.Complete => new("complete", Describe(now.Receipt!)),
            ForensicProgress.Partial => new("partial", "it was begun"),
            _ => new("none", "there is none yet"),
        };
    }
}
