namespace VirtEngine.DR.Embedded.Store;

/// <summary>The file's format.</summary>
internal static class Schema
{
    /// <summary>"VDRE" in the file's header: this file is ours.</summary>
    public const int ApplicationId = 0x56445245;

    /// <summary>Raised with each change that an older program could not read.</summary>
    public const int Version = 1;

    /// <summary>Makes what came later than the format and what an older program may do without.</summary>
    public const string Indexes = "CREATE INDEX IF NOT EXISTS visibility_close ON visibility (Namespace, CloseTime) WHERE CloseTime IS NOT NULL";

    public const string Create = """
        CREATE TABLE namespaces (name TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE runs (
          run_id TEXT PRIMARY KEY, namespace TEXT NOT NULL, workflow_id TEXT NOT NULL, number INTEGER NOT NULL, open INTEGER NOT NULL, state BLOB NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX runs_open ON runs (number) WHERE open = 1;
        CREATE INDEX runs_workflow ON runs (namespace, workflow_id, number);
        CREATE TABLE events (run_id TEXT NOT NULL, event_id INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (run_id, event_id)) WITHOUT ROWID;
        CREATE TABLE visibility (
          RunId TEXT PRIMARY KEY, Namespace TEXT NOT NULL, WorkflowId TEXT NOT NULL, WorkflowType TEXT NOT NULL, ExecutionStatus INTEGER NOT NULL,
          StartTime INTEGER NOT NULL, ExecutionTime INTEGER NOT NULL, CloseTime INTEGER, TaskQueue TEXT NOT NULL, HistoryLength INTEGER NOT NULL,
          HistorySizeBytes INTEGER NOT NULL, StateTransitionCount INTEGER NOT NULL, ParentWorkflowId TEXT, ParentRunId TEXT, RootWorkflowId TEXT,
          RootRunId TEXT, Memo BLOB NOT NULL, SearchAttributes BLOB NOT NULL, Attributes TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX visibility_start ON visibility (Namespace, StartTime DESC);
        CREATE TABLE schedules (namespace TEXT NOT NULL, id TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (namespace, id)) WITHOUT ROWID;
        """;
}
