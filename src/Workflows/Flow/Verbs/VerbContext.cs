using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What decides whether a verb works now.</summary>
public sealed record VerbContext
{
    /// <summary>Where the run is.</summary>
    public RunPhase Phase { get; init; }

    /// <summary>A gate is open.</summary>
    public bool GateOpen { get; init; }

    /// <summary>A gate of the current plan was passed.</summary>
    public bool GatePassed { get; init; }

    /// <summary>Paused by a person.</summary>
    public bool Paused { get; init; }

    /// <summary>Something is parked.</summary>
    public bool Parked { get; init; }

    /// <summary>Something that is parked may be skipped.</summary>
    public bool Skippable { get; init; }

    /// <summary>The commit was scheduled.</summary>
    public bool Committed { get; init; }

    /// <summary>Where an abort is.</summary>
    public AbortStage Abort { get; init; }

    /// <summary>There is a mode without the lost side.</summary>
    public bool HasUngraceful { get; init; }

    /// <summary>It is in that mode.</summary>
    public bool Ungraceful { get; init; }

    /// <summary>The run was reset.</summary>
    public bool Reset { get; init; }

    /// <summary>Reads the board.</summary>
    public static VerbContext Of(RunBoard board)
    {
        ArgumentNullException.ThrowIfNull(board);
        return new()
        {
            Phase = board.Phase,
            GateOpen = board.OpenGate is not null,
            GatePassed = board.Gates.Exists(g => g.Passed),
            Paused = board.Paused,
            Parked = board.Parks.Count > 0,
            Skippable = board.Parks.Exists(p => p.Skippable),
            Committed = board.Committed,
            Abort = board.Abort,
            HasUngraceful = board.HasUngraceful,
            Ungraceful = board.Ungraceful,
            Reset = board.Reset,
        };
    }
}
