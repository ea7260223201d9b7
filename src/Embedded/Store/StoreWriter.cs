using Microsoft.Data.Sqlite;

namespace VirtEngine.DR.Embedded.Store;

/// <summary>The statements that write, prepared once.</summary>
internal sealed class StoreWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _run;
    private readonly SqliteCommand _event;
    private readonly SqliteCommand _row;
    private readonly SqliteCommand _namespace;
    private readonly SqliteCommand _schedule;
    private readonly SqliteCommand _scheduleGone;
    private readonly SqliteCommand _runGone;

    public StoreWriter(SqliteConnection connection)
    {
        _connection = connection;
        _run = Prepare("INSERT INTO runs VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (run_id) DO UPDATE SET open = excluded.open, state = excluded.state", 6);
        _event = Prepare("INSERT INTO events VALUES ($1, $2, $3)", 3);
        _row = Prepare("INSERT OR REPLACE INTO visibility VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)", 19);
        _namespace = Prepare("INSERT OR REPLACE INTO namespaces VALUES ($1, $2)", 2);
        _schedule = Prepare("INSERT OR REPLACE INTO schedules VALUES ($1, $2, $3)", 3);
        _scheduleGone = Prepare("DELETE FROM schedules WHERE namespace = $1 AND id = $2", 2);
        _runGone = Prepare("DELETE FROM events WHERE run_id = $1; DELETE FROM runs WHERE run_id = $1; DELETE FROM visibility WHERE RunId = $1", 1);
    }

    public void Write(IReadOnlyList<Batch> batches)
    {
        if (batches.All(b => b.Writes.Count == 0))
        {
            return;
        }

        using var transaction = _connection.BeginTransaction();
        foreach (var write in batches.SelectMany(b => b.Writes))
        {
            Write(transaction, write);
        }

        transaction.Commit();
    }

    public void Dispose()
    {
        foreach (var command in new[] { _run, _event, _row, _namespace, _schedule, _scheduleGone, _runGone })
        {
            command.Dispose();
        }
    }

    private void Write(SqliteTransaction transaction, StoreWrite write)
    {
        switch (write)
        {
            case RunWrite run:
                Execute(transaction, _run, run.RunId, run.Namespace, run.WorkflowId, run.Number, run.Open ? 1L : 0L, run.State);
                for (int i = 0; i < run.Events.Length; i++)
                {
                    Execute(transaction, _event, run.RunId, run.FirstEvent + i, run.Events[i]);
                }

                if (run.Row is { } r)
                {
                    Execute(
                        transaction, _row, r.RunId, r.Namespace, r.WorkflowId, r.WorkflowType, (long)r.Status, r.Started, r.Execution, r.Closed, r.TaskQueue,
                        r.HistoryLength, r.HistoryBytes, r.Transitions, r.ParentWorkflowId, r.ParentRunId, r.RootWorkflowId, r.RootRunId, r.Memo, r.SearchAttributes,
                        r.Values);
                }

                break;
            case RunDelete gone:
                Execute(transaction, _runGone, gone.RunId);
                break;
            case NamespaceWrite ns:
                Execute(transaction, _namespace, ns.Name, ns.State);
                break;
            case ScheduleWrite { State: { } state } schedule:
                Execute(transaction, _schedule, schedule.Namespace, schedule.Id, state);
                break;
            case ScheduleWrite schedule:
                Execute(transaction, _scheduleGone, schedule.Namespace, schedule.Id);
                break;
        }
    }

    private static void Execute(SqliteTransaction transaction, SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        command.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter(FormattableString.Invariant($"${i}"), null));
        }

        return command;
    }
}
