namespace VirtEngine.DR.Signing;

/// <summary>What one host has of one key.</summary>
/// <param name="Paths">Its files.</param>
/// <param name="Machine">The machine's identity.</param>
/// <param name="BootId">This boot.</param>
/// <param name="Hrs">The HRS file.</param>
/// <param name="Rules">The decisions.</param>
public sealed record SignerHost(SignerPaths Paths, string Machine, string BootId, HrsFile Hrs, ISignerRules Rules)
{
    /// <summary>The machine's record.</summary>
    public RecordFile Record { get; init; } = new(Paths.Record);

    /// <summary>The HRS file's content, or why it cannot be used.</summary>
    public (Hrs? Value, string? Problem) ReadHrs()
    {
        try
        {
            return (Hrs.Read(), null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return (null, e.Message);
        }
    }
}
