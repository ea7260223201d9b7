namespace VirtEngine.DR.Signing;

/// <summary>What the gate does.</summary>
public enum GateVerdict
{
    /// <summary>Starts the signer.</summary>
    Start,

    /// <summary>Never, until somebody changes something.</summary>
    Refuse,

    /// <summary>Not yet: what is missing may come by itself.</summary>
    Wait,

    /// <summary>The first start after a boot: ask the register and the RPCs, then decide again.</summary>
    Look,
}

/// <summary>The gate's decision with its reasons.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Reasons">Why.</param>
public sealed record GateDecision(GateVerdict Verdict, IReadOnlyList<string> Reasons)
{
    /// <summary>Start.</summary>
    public bool Starts => Verdict == GateVerdict.Start;
}
