using Microsoft.Extensions.Logging;

namespace VirtEngine.DR.Embedded;

/// <summary>How an embedded engine runs.</summary>
public sealed record EngineOptions
{
    /// <summary>The file that holds everything; null keeps it in memory and loses it at the end.</summary>
    public string? DataFile { get; init; }

    /// <summary>The loopback port; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The namespace that exists from the start.</summary>
    public string DefaultNamespace { get; init; } = "default";

    /// <summary>How long the default namespace keeps closed runs, where the file does not say: their histories are what a repair reads.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether callers must show the key of <see cref="KeyFile"/>.</summary>
    public bool RequireKey { get; init; }

    /// <summary>Where the key lies (mode 0600, made at the first start); null puts it beside the data file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Where the engine says what an operator should know; null is silence.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The engine's time; a <see cref="VirtualTime"/> makes it jump from deadline to deadline.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Only the engine's own tests can set it: see <see cref="Loop.EngineState.Planted"/>.</summary>
    internal Action<HistoryEvent> Planted { get; init; } = _ => { };

    /// <summary>Order and faults by a seed; null for none.</summary>
    public FaultPlan? Faults { get; init; }
}
