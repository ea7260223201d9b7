namespace VirtEngine.DR.Activities.Chain;

/// <summary>What the application says of itself.</summary>
/// <param name="Height">Its last height.</param>
/// <param name="AppHash">The app hash after it, upper-case hex: what the header of the next height holds.</param>
public sealed record AppInfo(long Height, string AppHash)
{
    /// <summary>The version that the application says it is; empty where it says none.</summary>
    public string Version { get; init; } = "";
}
