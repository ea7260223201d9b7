using System.Collections.Concurrent;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>The stages that are played on right now, by their task queue: a scripted workflow finds its script here.</summary>
public static class Stages
{
    private static readonly ConcurrentDictionary<string, Stage> Open = new(StringComparer.Ordinal);

    /// <summary>The stage of a task queue.</summary>
    public static Stage Of(string queue) =>
        Open.TryGetValue(queue, out Stage? stage) ? stage : throw new InvalidOperationException($"no scenario plays on {queue} now");

    /// <summary>Opens a stage.</summary>
    public static void Add(string queue, Stage stage) => Open[queue] = stage;

    /// <summary>Closes a stage.</summary>
    public static void Remove(string queue) => Open.TryRemove(queue, out _);
}
