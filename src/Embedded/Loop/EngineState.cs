using VirtEngine.DR.Embedded.Namespaces;
using VirtEngine.DR.Embedded.Schedules;

namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Everything that the engine knows. The loop alone reads and changes it.</summary>
internal sealed class EngineState
{
    public Dictionary<string, EngineNamespace> Namespaces { get; } = new(StringComparer.Ordinal);
    public RunTable Runs { get; } = new();
    public QueueTable Queues { get; } = new();
    public ScheduleTable Schedules { get; } = new();
    public Wakeups Wakeups { get; } = new();
    public Faults Faults { get; init; } = new(null);

    /// <summary>Whether a test keeps everything where it is.</summary>
    public Func<bool> Held { get; init; } = () => false;

    /// <summary>In tests of the engine itself: called in the middle of a step, when an event has got its number and nothing follows from it yet.</summary>
    public Action<HistoryEvent> Planted { get; init; } = _ => { };

    /// <summary>Told when a run closes.</summary>
    public Action RunClosed { get; init; } = () => { };

    /// <summary>The namespace of a request; Temporal's error when there is none of this name.</summary>
    public EngineNamespace Namespace(string name) =>
        Namespaces.TryGetValue(name, out var found) ? found : throw (name.Length == 0 ? Host.Errors.Invalid("Namespace not set on request.") : Host.Errors.NamespaceNotFound(name));
}
