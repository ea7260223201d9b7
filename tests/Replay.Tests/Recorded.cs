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

    /// <summary>Reads a history, under the workflow id that it had: a run compares its own id with a lock's holder.</summary>
    public static WorkflowHistory Read(string name)
    {
        var json = File.ReadAllText(Path.Combine(Folder, name));
        var id = WorkflowHistory.FromJson(name, json).Events.First().WorkflowExecutionStartedEventAttributes.WorkflowId;
        return WorkflowHistory.FromJson(id.Length > 0 ? id : Path.GetFileNameWithoutExtension(name), json);
    }
}
