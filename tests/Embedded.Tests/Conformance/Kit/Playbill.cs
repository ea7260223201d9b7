using System.Collections.Concurrent;
using Temporalio.Client;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>
/// Plays scenarios, a handful at a time: most of a scenario is waiting, so that one after the other would take minutes. Asking for one starts
/// the next few of the list too; each is played once a server.
/// </summary>
public sealed class Playbill(string server, Func<Task<ITemporalClient>> connect)
{
    private const int Ahead = 14;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<int, Lazy<Task<Recording>>> plays = new();

    /// <summary>The recording of a scenario, by its place in the list.</summary>
    public Task<Recording> RecordingAsync(int index)
    {
        for (int ahead = 0; ahead < Ahead && index + ahead < ScenarioList.All.Count; ahead++)
        {
            _ = Begin(index + ahead);
        }

        return Begin(index);
    }

    /// <summary>Plays a scenario now.</summary>
    public static async Task<Recording> PlayAsync(Scenario scenario, ITemporalClient client, string server)
    {
        await using var stage = new Stage(client);
        try
        {
            await scenario.Play(stage).WaitAsync(Patience).ConfigureAwait(false);
            return new([.. stage.Lines], null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new([.. stage.Lines], new InvalidOperationException($"{scenario.Name} on {server}: {e.Message}", e));
        }
    }

    private Task<Recording> Begin(int index) =>
        plays.GetOrAdd(index, i => new(() => Task.Run(async () => await PlayAsync(ScenarioList.All[i], await connect().ConfigureAwait(false), server).ConfigureAwait(false)))).Value;
}
