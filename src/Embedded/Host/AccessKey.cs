using System.Security.Cryptography;
using System.Text;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>The key that callers must show. Its file can be read by its owner only: who can read it may drive the engine.</summary>
internal static class AccessKey
{
    private const int KeyBytes = 32;

    /// <summary>Reads the key, or makes it at the first start; throws when others could read the file.</summary>
    public static string ReadOrMake(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        if (!File.Exists(file))
        {
            Make(file);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
        {
            throw new EngineFileException($"{file} can be read by others: chmod 600 it, or delete it and a new key is made");
        }

        string key = File.ReadAllText(file).Trim();
        return key.Length >= KeyBytes ? key : throw new EngineFileException($"{file} holds no key: delete it and a new one is made");
    }

    /// <summary>Whether a call shows the key; compared in constant time.</summary>
    public static bool Shows(Metadata headers, string key)
    {
        string shown = headers.GetValue("authorization") ?? "";
        return CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(shown)), SHA256.HashData(Encoding.UTF8.GetBytes("Bearer " + key)));
    }

    private static void Make(string file)
    {
        string temporary = $"{file}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            // Two programs that start at once agree on one key.
            File.Move(temporary, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(temporary);
        }
    }
}
