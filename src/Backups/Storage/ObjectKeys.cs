namespace VirtEngine.DR.Backups.Storage;

/// <summary>What a key may look like.</summary>
public static class ObjectKeys
{
    /// <summary>Refuses keys that a store, a folder or a shell could misunderstand.</summary>
    /// <exception cref="PathUnsafeException">Absolute, empty parts, '.', '..', NUL, control characters, backslash, or longer than 1024 bytes.</exception>
    public static void Validate(string key)
    {
        var unsafeBecause = key switch
        {
            { Length: 0 or > 1024 } => "it must have 1 to 1024 characters",
            _ when key.Contains('\\', StringComparison.Ordinal) => "it holds a backslash",
            _ when key.Any(char.IsControl) => "it holds a control character",
            _ when key.Split('/').Any(part => part is "" or "." or "..") => "it has an empty, '.' or '..' part",
            _ => null,
        };
        if (unsafeBecause is not null)
        {
            throw new PathUnsafeException(key, $"'{key}' cannot be an object's key: {unsafeBecause}");
        }
    }
}
