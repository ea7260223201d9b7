using Microsoft.Data.Sqlite;

namespace VirtEngine.DR.Embedded.Store;

/// <summary>
/// The engine's file. One connection writes, a transaction for as many batches as wait, synced before it counts; readers have connections of their own and see
/// whole transactions only.
/// </summary>
internal sealed class EngineStore : IDisposable
{
    private readonly FileLock? _lock;
    private readonly SqliteConnection _connection;
    private readonly StoreWriter _writer;
    private readonly string? _temporary;

    private EngineStore(string file, FileLock? held, SqliteConnection connection, string? temporary)
    {
        File = file;
        _lock = held;
        _connection = connection;
        _temporary = temporary;
        _writer = new StoreWriter(connection);
    }

    public string File { get; }

    /// <summary>Opens or makes a file; null keeps everything in a temporary one without waiting for the disk.</summary>
    public static EngineStore Open(string? file)
    {
        string? temporary = file is null ? Directory.CreateTempSubdirectory("embedded-engine-").FullName : null;
        string path = file is null ? Path.Combine(temporary!, "engine.db") : Path.GetFullPath(file);
        if (file is not null && LinkTarget(path) is { } target)
        {
            path = target;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var held = file is null ? null : FileLock.Take(path);
        try
        {
            bool ours = FileInspection.IsOurs(path, held?.LastEnd);
            if (!ours && !OperatingSystem.IsWindows() && !System.IO.File.Exists(path))
            {
                // Payloads are in it: only its owner may read it.
                using var made = new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            }

            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            Run(connection, "PRAGMA journal_mode = WAL");
            Run(connection, file is null ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL");
            Run(connection, "PRAGMA busy_timeout = 5000");
            Run(connection, "PRAGMA wal_autocheckpoint = 4000");
            if (!ours)
            {
                // One transaction: a file is ours wholly or not at all.
                Run(connection, FormattableString.Invariant(
                    $"BEGIN; {Schema.Create} PRAGMA application_id = {Schema.ApplicationId}; PRAGMA user_version = {Schema.Version}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)"));
            }

            Run(connection, Schema.Indexes);
            return new EngineStore(path, held, connection, temporary);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Writes batches as one transaction and returns when they are on disk.</summary>
    public void Write(IReadOnlyList<Batch> batches) => _writer.Write(batches);

    /// <summary>A connection for one reader.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadOnly, Pooling = true }.ToString());
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        _writer.Dispose();

        // The readers go first: who closes last brings the log into the file, and a reader may not.
        using (var pooled = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadOnly, Pooling = true }.ToString()))
        {
            SqliteConnection.ClearPool(pooled);
        }

        _connection.Dispose();
        _lock?.End(FileInspection.Mark(File));
        _lock?.Dispose();
        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private static string? LinkTarget(string path) => System.IO.File.Exists(path) ? System.IO.File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
