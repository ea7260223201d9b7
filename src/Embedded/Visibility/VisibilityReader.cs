using System.Globalization;
using Microsoft.Data.Sqlite;
using Temporalio.Api.Workflow.V1;
using VirtEngine.DR.Embedded.Host;
using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded.Visibility;

/// <summary>Lists and counts, read from the file beside the loop: everything that was answered is in it.</summary>
internal static class VisibilityReader
{
    private const int LargestPage = 1000;

    public static (List<WorkflowExecutionInfo> Page, ByteString Next) List(
        EngineStore store, string ns, string query, IReadOnlyDictionary<string, IndexedValueType> custom, int size, ByteString token)
    {
        var filter = Filters.Parse(query, custom);
        if (filter.GroupBy is not null)
        {
            throw Filters.Bad(query, "GROUP BY is for counts");
        }

        size = size is > 0 and < LargestPage ? size : LargestPage;
        long offset = token.Length == 0 ? 0 : long.TryParse(token.ToStringUtf8(), NumberStyles.None, CultureInfo.InvariantCulture, out long at)
            ? at : throw Errors.Invalid("Invalid NextPageToken.");
        using var connection = store.OpenReader();
        using var command = Command(connection, filter, ns, FormattableString.Invariant(
            $"SELECT * FROM visibility WHERE Namespace = $ns AND ({filter.Where}) ORDER BY {filter.OrderBy} LIMIT {size + 1} OFFSET {offset}"));
        var page = new List<WorkflowExecutionInfo>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            page.Add(Info(reader));
        }

        if (page.Count <= size)
        {
            return (page, ByteString.Empty);
        }

        page.RemoveAt(size);
        return (page, ByteString.CopyFromUtf8((offset + size).ToString(CultureInfo.InvariantCulture)));
    }

    public static CountWorkflowExecutionsResponse Count(EngineStore store, string ns, string query, IReadOnlyDictionary<string, IndexedValueType> custom)
    {
        var filter = Filters.Parse(query, custom);
        using var connection = store.OpenReader();
        var answer = new CountWorkflowExecutionsResponse();
        string group = filter.GroupBy is null ? "NULL" : filter.GroupBy;
        using var command = Command(connection, filter, ns, $"SELECT {group} AS g, COUNT(*) FROM visibility WHERE Namespace = $ns AND ({filter.Where}) GROUP BY g");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            answer.Count += reader.GetInt64(1);
            if (filter.GroupBy is not null)
            {
                var value = new Payload { Data = ByteString.CopyFromUtf8("\"" + (WorkflowExecutionStatus)reader.GetInt32(0) + "\"") };
                value.Metadata["encoding"] = ByteString.CopyFromUtf8("json/plain");
                value.Metadata["type"] = ByteString.CopyFromUtf8("Keyword");
                var one = new CountWorkflowExecutionsResponse.Types.AggregationGroup { Count = reader.GetInt64(1) };
                one.GroupValues.Add(value);
                answer.Groups.Add(one);
            }
        }

        return answer;
    }

    private static SqliteCommand Command(SqliteConnection connection, FilterSql filter, string ns, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$ns", ns);
        for (int i = 0; i < filter.Values.Count; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"$v{i + 1}"), filter.Values[i]);
        }

        return command;
    }

    private static WorkflowExecutionInfo Info(SqliteDataReader r)
    {
        var execution = new DateTime(r.GetInt64(6), DateTimeKind.Utc);
        DateTime? closed = r.IsDBNull(7) ? null : new DateTime(r.GetInt64(7), DateTimeKind.Utc);
        return new WorkflowExecutionInfo
        {
            Execution = new WorkflowExecution { RunId = r.GetString(0), WorkflowId = r.GetString(2) },
            Type = new WorkflowType { Name = r.GetString(3) },
            Status = (WorkflowExecutionStatus)r.GetInt32(4),
            StartTime = new DateTime(r.GetInt64(5), DateTimeKind.Utc).Wire(),
            ExecutionTime = execution.Wire(),
            CloseTime = closed.Wire(),
            ExecutionDuration = closed is { } end ? (end - execution).Wire() : null,
            TaskQueue = r.GetString(8),
            HistoryLength = closed is null ? 0 : r.GetInt64(9),
            HistorySizeBytes = closed is null ? 0 : r.GetInt64(10),
            StateTransitionCount = closed is null ? 0 : r.GetInt64(11),
            ParentExecution = r.IsDBNull(12) ? null : new WorkflowExecution { WorkflowId = r.GetString(12), RunId = r.GetString(13) },
            RootExecution = r.IsDBNull(14) ? new WorkflowExecution { WorkflowId = r.GetString(2), RunId = r.GetString(0) }
                : new WorkflowExecution { WorkflowId = r.GetString(14), RunId = r.GetString(15) },
            Memo = Memo.Parser.ParseFrom((byte[])r[16]),
            SearchAttributes = SearchAttributes.Parser.ParseFrom((byte[])r[17]),
        };
    }
}
