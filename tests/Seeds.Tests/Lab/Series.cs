using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>
/// Plays a scenario under many seeds. <c>VIRTENGINE_SEEDS</c> says how many, <c>VIRTENGINE_SEED</c> plays one alone, <c>VIRTENGINE_SCENARIO</c> one
/// scenario alone.
/// </summary>
public static class Series
{
    /// <summary>The one scenario that is asked for; null: all.</summary>
    public static string? Scenario => Environment.GetEnvironmentVariable("VIRTENGINE_SCENARIO") is { Length: > 0 } name ? name : null;

    /// <summary>How many seeds of each scenario are played twice, to compare their histories.</summary>
    public static int Repeated => Number("VIRTENGINE_SEEDS_TWICE") ?? 2;

    /// <summary>How many seeds of each scenario are played.</summary>
    public static int Count => Number("VIRTENGINE_SEEDS") ?? 12;

    /// <summary>Plays; fails with every seed that broke a rule, and the command that repeats the first.</summary>
    public static async Task RunAsync(Scenario scenario, ITestOutputHelper output)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(output);
        long[] seeds = Number("VIRTENGINE_SEED") is { } one ? [one] : [.. Enumerable.Range(1, Count).Select(n => (long)n).Union(scenario.Known)];
        if (await FindAsync(scenario, seeds, output.WriteLine) is { } broken)
        {
            Assert.Fail(broken);
        }
    }

    /// <summary>Plays the seeds; what broke and the command that repeats it, or null.</summary>
    public static async Task<string?> FindAsync(Scenario scenario, IReadOnlyList<long> seeds, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentNullException.ThrowIfNull(say);
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        var (tasks, restarts) = (0, 0);
        var broken = new ConcurrentBag<(long Seed, string Text)>();
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = Number("VIRTENGINE_SEEDS_AT_ONCE") ?? 4 }, async (seed, _) =>
        {
            var text = await TryAsync(scenario, seed, a =>
            {
                Interlocked.Add(ref tasks, a.WorkflowTasks);
                Interlocked.Add(ref restarts, a.Restarts);
            });
            if (text is not null)
            {
                broken.Add((seed, text));
            }
        });
        say(FormattableString.Invariant(
            $"{scenario.Name}: {seeds.Count} seeds, {tasks} workflow tasks, {restarts} restarts, {clock.Elapsed.TotalSeconds:F1} s, {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F1} s of processor time"));
        return broken.IsEmpty ? null
            : $"{broken.Count} of {seeds.Count} seeds broke a rule ({string.Join(", ", broken.Select(b => b.Seed).Order())}).\nTo repeat the first:\n  {Command(scenario, broken.Min(b => b.Seed))}\n\n"
                + string.Join("\n\n", broken.OrderBy(b => b.Seed).Take(10).Select(b => b.Text));
    }

    /// <summary>The command that plays one seed again.</summary>
    public static string Command(Scenario scenario, long seed) =>
        FormattableString.Invariant($"VIRTENGINE_SCENARIO={(scenario ?? throw new ArgumentNullException(nameof(scenario))).Name} VIRTENGINE_SEED={seed} dotnet test --project tests/Seeds.Tests --filter-method '*Play_Seeds*'");

    private static async Task<string?> TryAsync(Scenario scenario, long seed, Action<Account> seen)
    {
        try
        {
            var account = await Stage.PlayAsync(scenario, seed);
            seen(account);
            var wrong = scenario.Check(account).ToArray();
            return wrong.Length == 0 ? null : $"{scenario.Name}, seed {seed}:\n{string.Join('\n', wrong)}\n{Story(account)}";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"{scenario.Name}, seed {seed}: {e}";
        }
    }

    private static string Story(Account account) => string.Join('\n', [
        "plan: " + account.Plan,
        .. account.Diary,
        "acts: " + string.Join(", ", account.World.Acts.Select(a => $"{a.Activity} {a.Key.Number}")),
        .. account.Runs.SelectMany(r => (string[])[$"{r.WorkflowId} {r.Status} {r.ClosedAt} {r.Failure}", .. r.State?.Journal.Select(j => $"    {j.At:HH:mm:ss} {j.Event}: {j.Text}") ?? []]),
    ]);

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
