namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Where an abort is.</summary>
public enum AbortStage
{
    /// <summary>Nobody asked for one.</summary>
    None,

    /// <summary>Asked for; what is in flight ends first.</summary>
    Asked,

    /// <summary>The unwinding plan is shown and awaits its confirmation.</summary>
    AwaitingConfirmation,

    /// <summary>The undo stack is being worked off.</summary>
    AtWork,
}
