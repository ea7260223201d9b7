namespace VirtEngine.DR.Embedded;

/// <summary>Why an activity's wait in virtual time is over.</summary>
public enum VirtualWake
{
    /// <summary>The time is over.</summary>
    TimeOver,

    /// <summary>Some run has closed meanwhile; whoever waits for one looks at it.</summary>
    RunClosed,

    /// <summary>The activity was canceled, timed out, or its run has closed: the worker would hear it with its next heartbeat.</summary>
    Cancelled,
}
