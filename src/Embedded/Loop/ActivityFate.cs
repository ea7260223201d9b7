namespace VirtEngine.DR.Embedded.Loop;

/// <summary>What becomes of an activity that is given out.</summary>
internal enum ActivityFate
{
    /// <summary>A worker gets it.</summary>
    Once,

    /// <summary>A worker gets it, and then one more.</summary>
    Twice,

    /// <summary>Its worker dies before it begins.</summary>
    NeverBegins,

    /// <summary>It fails before it begins, and may be tried again.</summary>
    Fails,
}
