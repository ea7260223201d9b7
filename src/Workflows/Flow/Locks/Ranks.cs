using System.Globalization;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Whose run goes first: containment; then a higher class; in one class human over automation; then backups; then drills.</summary>
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
    public const int Containment = 1000;

    private const int Class = 10;

    /// <summary>The rank of an actor in an incident of a class (D1 to D5); drills and backups have none.</summary>
    public static int Of(int actor, string? incidentClass) =>
        actor is > Backup and < Containment && incidentClass is ['D', >= '1' and <= '9']
            ? actor + (Class * int.Parse(incidentClass[1..], NumberStyles.None, CultureInfo.InvariantCulture))
            : actor;
}
