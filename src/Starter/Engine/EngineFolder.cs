namespace VirtEngine.DR.Starter.Engine;

/// <summary>Where the embedded engine of this machine and user keeps its file, its key, and the note by which others find it.</summary>
/// <param name="Path">The folder.</param>
internal sealed record EngineFolder(string Path)
{
    private const string System = "/var/lib/virtengine-dr";

    public string DataFile => global::System.IO.Path.Combine(Path, "engine.db");

    public string KeyFile => global::System.IO.Path.Combine(Path, "engine.key");

    public string NoteFile => global::System.IO.Path.Combine(Path, "engine.json");

    /// <summary><c>VIRTENGINE_ENGINE</c>, else the machine's folder where this user may write to it, else the user's own.</summary>
    public static EngineFolder Of(Func<string, string?> environment)
    {
        if (environment("VIRTENGINE_ENGINE") is { } named)
        {
            return new EngineFolder(global::System.IO.Path.GetFullPath(named));
        }

        if (Environment.IsPrivilegedProcess || Directory.Exists(System + "/engine"))
        {
            return new EngineFolder(System + "/engine");
        }

        var state = environment("XDG_STATE_HOME") ?? (environment("HOME") is { } home ? home + "/.local/state" : System);
        return new EngineFolder(state + "/virtengine-dr/engine");
    }
}
