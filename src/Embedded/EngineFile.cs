using System.Text;
using Microsoft.Data.Sqlite;
using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded;

/// <summary>What can be done with an engine's file from outside, whether an engine runs on it or not.</summary>
public static class EngineFile
{
    /// <summary>Copies the file, whole and consistent, while an engine may be writing. Appears under its name only when complete.</summary>
    /// <exception cref="EngineFileException">The file is missing, damaged or another program's; or the target exists.</exception>
    public static void Backup(string file, string target)
    {
        Require(file);
        if (File.Exists(target))
        {
            throw new EngineFileException($"{target} exists already: give a new name");
        }

        string temporary = target + ".partial";
        File.Delete(temporary);
        using (var made = new FileStream(temporary, Private()))
        {
            made.Flush();
        }

        try
        {
            using (var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString()))
            using (var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = temporary, Pooling = false }.ToString()))
            {
                source.Open();
                copy.Open();
                source.BackupDatabase(copy);

                // A copy is one file, without a log beside it that could be left behind.
                using var single = copy.CreateCommand();
                single.CommandText = "PRAGMA journal_mode = DELETE";
                single.ExecuteNonQuery();
            }

            FileInspection.Check(temporary);
            File.Move(temporary, target, overwrite: false);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads everything and compares what belongs together; returns the findings, empty when all is well.</summary>
    public static IReadOnlyList<string> Check(string file)
    {
        try
        {
            Require(file);
        }
        catch (EngineFileException e)
        {
            return [e.Message];
        }

        return RunCheck.Findings(file);
    }

    /// <summary>Writes all histories of a namespace as JSON, one file a run, into a folder; returns how many.</summary>
    public static int Export(string file, string folder)
    {
        Require(file);
        Directory.CreateDirectory(folder);
        int count = 0;
        foreach (var (state, history) in RunCheck.Runs(file))
        {
            var whole = new History();
            whole.Events.Add(history);
            using var stream = new FileStream(Path.Combine(folder, state.RunId + ".json"), Private());
            stream.Write(Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(whole)));
            count++;
        }

        return count;
    }

    private static void Require(string file)
    {
        if (!FileInspection.IsOurs(file))
        {
            throw new EngineFileException($"{file} does not exist or is empty");
        }
    }

    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
