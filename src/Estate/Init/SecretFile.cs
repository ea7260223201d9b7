namespace VirtEngine.DR.Estates.Init;

/// <summary>Writes files that only their owner may read, and never over another file.</summary>
internal static class SecretFile
{
    public static void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(file, options);
        writer.Write(content);
    }
}
