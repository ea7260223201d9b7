using VirtEngine.DR.Embedded.Namespaces;

namespace VirtEngine.DR.Embedded.Store;

/// <summary>Reads what an engine needs to go on.</summary>
internal static class StoreReader
{
    /// <summary>Fills the state: namespaces, schedules, all open runs, and which run of each workflow is the current one.</summary>
    public static void Load(EngineStore store, EngineState state)
    {
        using var connection = store.OpenReader();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT state FROM namespaces";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var ns = StateJson.Read<EngineNamespace>((byte[])reader[0]);
                state.Namespaces[ns.Name] = ns;
            }
        }

        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT state FROM schedules";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                state.Schedules.Add(StateJson.Read<Schedules.ScheduleState>((byte[])reader[0]));
            }
        }

        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT run_id, namespace, workflow_id, number, open FROM runs ORDER BY number";
            var open = new List<string>();
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    state.Runs.SetCurrent(reader.GetString(1), reader.GetString(2), reader.GetString(0));
                    state.Runs.NextNumber = Math.Max(state.Runs.NextNumber, reader.GetInt64(3) + 1);
                    if (reader.GetInt64(4) != 0)
                    {
                        open.Add(reader.GetString(0));
                    }
                }
            }

            foreach (string id in open)
            {
                state.Runs.Restore(Run(connection, id)!);
            }
        }

        state.Runs.Load = id =>
        {
            using var own = store.OpenReader();
            return Run(own, id);
        };
    }

    /// <summary>One run with its events; null when there is none of this id.</summary>
    public static Run? Run(Microsoft.Data.Sqlite.SqliteConnection connection, string id)
    {
        RunState state;
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT state FROM runs WHERE run_id = $id";
            command.Parameters.AddWithValue("$id", id);
            if (command.ExecuteScalar() is not byte[] json)
            {
                return null;
            }

            state = StateJson.Read<RunState>(json);
        }

        var history = new List<HistoryEvent>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT data FROM events WHERE run_id = $id ORDER BY event_id";
            command.Parameters.AddWithValue("$id", id);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                history.Add(HistoryEvent.Parser.ParseFrom((byte[])reader[0]));
            }
        }

        return new Run(state, history) { Listed = false };
    }
}
