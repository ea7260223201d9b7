namespace VirtEngine.DR.Embedded;

/// <summary>Why an activity's wait in virtual time is over.</summary>
public enum VirtualWake
{
    /// <summary>The time is over.</summary>
    TimeOver,

    /// <summary>Some run has closed meanwhile; whoever waits for one looks at it.</summary>
    RunClosed,

    /// <summary>The activity's cancellation was asked for: the worker hears it with its next heartbeat.</summary>
    Cancelled,

    /// <summary>The activity timed out, or its run has closed: nobody waits for its answer.</summary>
    Gone,
}
