using Microsoft.Data.Sqlite;

namespace VirtEngine.DR.Embedded.Store;

/// <summary>Reads a file run by run and compares each state with its events.</summary>
internal static class RunCheck
{
    public static List<string> Findings(string file)
    {
        var findings = new List<string>();
        foreach (var (state, history) in Runs(file))
        {
            string name = $"{state.WorkflowId}/{state.RunId}";
            if (history.Count != state.NextEventId - 1)
            {
                findings.Add($"{name}: {history.Count} events, and the state speaks of {state.NextEventId - 1}");
                continue;
            }

            for (int i = 0; i < history.Count; i++)
            {
                if (history[i].EventId != i + 1)
                {
                    findings.Add($"{name}: event {i + 1} carries the number {history[i].EventId}");
                    break;
                }
            }

            bool ended = history.Count > 0 && history[^1].EventType is EventType.WorkflowExecutionCompleted or EventType.WorkflowExecutionFailed
                or EventType.WorkflowExecutionCanceled or EventType.WorkflowExecutionTerminated or EventType.WorkflowExecutionTimedOut
                or EventType.WorkflowExecutionContinuedAsNew;
            if (ended == state.IsOpen)
            {
                findings.Add($"{name}: its last event and its status ({state.Status}) disagree");
            }
        }

        return findings;
    }

    public static IEnumerable<(RunState State, List<HistoryEvent> History)> Runs(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();

        // One transaction: an engine may go on writing meanwhile.
        using var transaction = connection.BeginTransaction(deferred: true);
        var ids = new List<string>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT run_id FROM runs ORDER BY number";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                ids.Add(reader.GetString(0));
            }
        }

        foreach (string id in ids)
        {
            var run = StoreReader.Run(connection, id)!;
            yield return (run.State, run.History);
        }
    }
}
