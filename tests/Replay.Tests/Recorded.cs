using Temporalio.Common;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>The histories that were recorded per release: <c>Histories/&lt;release&gt;/&lt;workflow type&gt;.&lt;scenario&gt;.json</c>. They are replayed for ever.</summary>
public static class Recorded
{
    /// <summary>Where the histories are.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Histories");

    /// <summary>Every history, relative to the folder.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The workflow type of a history.</summary>
    public static string TypeOf(string name) => Path.GetFileName(name).Split('.')[0];

    /// <summary>Reads a history.</summary>
    public static WorkflowHistory Read(string name) => WorkflowHistory.FromJson(Path.GetFileNameWithoutExtension(name), File.ReadAllText(Path.Combine(Folder, name)));
}
