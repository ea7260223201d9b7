namespace VirtEngine.DR.Signing;

/// <summary>What one host has of one key.</summary>
/// <param name="Paths">Its files.</param>
/// <param name="Machine">The machine's identity.</param>
/// <param name="BootId">This boot.</param>
/// <param name="Hrs">The HRS file.</param>
/// <param name="Rules">The decisions.</param>
public sealed record SignerHost(SignerPaths Paths, string Machine, string BootId, HrsFile Hrs, ISignerRules Rules)
{
    /// <summary>Hands in the volume's handle, where a container's manifest says it.</summary>
    public const string VolumeVariable = "VIRTENGINE_VOLUME_HANDLE";

    /// <summary>This host, by its gate's configuration and with the product's rules.</summary>
    /// <param name="paths">Its files.</param>
    /// <param name="config">The gate's configuration.</param>
    /// <param name="volume">The volume's handle; null outside Kubernetes.</param>
    /// <exception cref="InvalidOperationException">This machine cannot be told from others; everything that is missing is named.</exception>
    public static SignerHost Of(SignerPaths paths, GateConfig config, string? volume)
    {
        var facts = new HostFacts(config.HostRoot);
        return new SignerHost(paths, facts.Identity(config.Identity, config.Disk, volume), facts.BootId(), new HrsFile(config.HrsFile, config.Format), SignerRules.Instance);
    }

    /// <summary>The machine's record.</summary>
    public RecordFile Record { get; init; } = new(Paths.Record);

    /// <summary>The alarms of this key here.</summary>
    public AlarmFile Alarms { get; } = new(Paths.Alarm);

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
