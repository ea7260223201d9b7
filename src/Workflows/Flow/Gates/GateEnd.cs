namespace VirtEngine.DR.Workflows.Flow;

/// <summary>How waiting at a gate ended.</summary>
public enum GateEnd
{
    /// <summary>Approved.</summary>
    Passed,

    /// <summary>Denied by a person or by the declared default.</summary>
    Denied,

    /// <summary>Something else comes first: an abort, a switch, a run of a higher rank.</summary>
    Interrupted,
}
