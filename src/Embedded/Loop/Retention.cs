using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded.Loop;

/// <summary>
/// Takes closed runs out of the file when their namespace has kept them for as long as it shall. It looks now and then when the loop is at work anyway: no
/// wake-up of its own makes virtual time jump.
/// </summary>
internal sealed class Retention(EngineStore store)
{
    private const int LargestSweep = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private DateTime _next = DateTime.MinValue;

    /// <summary>Lets go what is due, a small batch at a time; true when there is more.</summary>
    public bool Sweep(Turn turn)
    {
        // Under a seed nothing goes that real time decides: the sweep reads what the writer has brought to the file.
        if (turn.State.Faults.IsSeeded || turn.Now < _next)
        {
            return false;
        }

        var due = turn.State.Namespaces.Values.Where(ns => ns.Retention > TimeSpan.Zero)
            .OrderBy(ns => ns.Name, StringComparer.Ordinal).SelectMany(ns => Due(ns.Name, turn.Now - ns.Retention)).Take(LargestSweep).ToArray();
        foreach (string id in due)
        {
            // One that somebody is just looking at has time until the next sweep.
            if (turn.State.Runs.ByRunId(id) is { State.IsOpen: false, Queries.Count: 0, HistoryWaiters.Count: 0 } run)
            {
                turn.Forget(run);
            }
        }

        bool more = due.Length == LargestSweep;
        _next = more ? turn.Now : turn.Now + Pause;
        return more;
    }

    private List<string> Due(string ns, DateTime closedBefore)
    {
        using var connection = store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT RunId FROM visibility WHERE Namespace = $1 AND CloseTime <= $2 ORDER BY CloseTime LIMIT $3";
        command.Parameters.AddWithValue("$1", ns);
        command.Parameters.AddWithValue("$2", closedBefore.Ticks);
        command.Parameters.AddWithValue("$3", LargestSweep);
        var ids = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }
}
