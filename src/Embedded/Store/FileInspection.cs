using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace VirtEngine.DR.Embedded.Store;

/// <summary>Looks at a file before anything may change it.</summary>
internal static class FileInspection
{
    private const int HeaderBytes = 100;

    /// <summary>What a file looks like from outside: it is the one that an engine left at a clean end when this is the same.</summary>
    public static string Mark(string file)
    {
        var info = new FileInfo(file);
        return string.Create(CultureInfo.InvariantCulture, $"{info.Length} {info.LastWriteTimeUtc.Ticks} {(File.Exists(file + "-wal") ? "wal" : "whole")}");
    }

    /// <summary>Throws with what is wrong; true when the file holds an engine's data, false when it is new or empty.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lastEnd">Its mark at the last clean end: such a file is not read from end to end again.</param>
    public static bool IsOurs(string file, string? lastEnd = null)
    {
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return false;
        }

        // The header is read before SQLite may touch anything: a file of a later version may mean what we do not know.
        var header = new byte[HeaderBytes];
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.AsSpan(0, 16).SequenceEqual("SQLite format 3\0"u8))
            {
                throw new EngineFileException($"{file} is no engine file or its beginning is damaged; restore a backup or give another file");
            }
        }

        int application = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(68));
        int version = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(60));
        if (application != Schema.ApplicationId)
        {
            throw new EngineFileException($"{file} is a database of another program; give another file");
        }

        if (version > Schema.Version)
        {
            throw new EngineFileException(
                $"{file} has format {version}, and this program knows formats up to {Schema.Version}: use the newer program that wrote it");
        }

        if (Mark(file) != lastEnd)
        {
            Check(file);
        }

        return true;
    }

    /// <summary>Reads the whole file and compares what belongs together; throws with the first findings.</summary>
    public static void Check(string file)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(10)";
            var findings = new List<string>();
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    findings.Add(reader.GetString(0));
                }
            }

            if (findings is not ["ok"])
            {
                throw new EngineFileException($"{file} is damaged: {string.Join("; ", findings)}; restore a backup");
            }
        }
        catch (SqliteException e)
        {
            throw new EngineFileException($"{file} cannot be read: {e.Message}; restore a backup", e);
        }
    }
}
