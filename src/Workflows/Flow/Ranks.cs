namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Whose run goes first.</summary>
public static class Ranks
{
    /// <summary>A drill.</summary>
    public const int Drill = 0;

    /// <summary>A backup.</summary>
    public const int Backup = 1;

    /// <summary>Automation.</summary>
    public const int Automation = 2;

    /// <summary>A person.</summary>
    public const int Human = 3;

    /// <summary>Containment of a key; waits for nobody.</summary>
    public const int Containment = 4;
}
