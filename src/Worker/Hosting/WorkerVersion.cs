using System.Reflection;

namespace VirtEngine.DR.Worker.Hosting;

/// <summary>
/// This program's version as it stands in histories: each workflow task says which build completed it, so that an operator can be told
/// which one can go on with a run.
/// </summary>
public static class WorkerVersion
{
    private const int CommitLength = 12;

    /// <summary>Such as <c>virtengine-dr-0.1.0+1a2b3c4d5e6f</c>.</summary>
    public static string BuildId { get; } = "virtengine-dr-" + Short(
        typeof(WorkerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? typeof(WorkerVersion).Assembly.GetName().Version?.ToString(3) ?? "0");

    private static string Short(string version) =>
        version.IndexOf('+', StringComparison.Ordinal) is var at && at >= 0 && version.Length > at + 1 + CommitLength ? version[..(at + 1 + CommitLength)] : version;
}
