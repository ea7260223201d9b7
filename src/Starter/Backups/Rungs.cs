namespace VirtEngine.DR.Starter.Backups;

/// <summary>The rungs of the verification ladder in words.</summary>
internal static class Rungs
{
    public static string Word(int rung) => rung switch
    {
        0 => "unverified",
        1 => "listed",
        2 => "read",
        3 => "restored",
        4 => "proven",
        _ => "rung " + rung.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
