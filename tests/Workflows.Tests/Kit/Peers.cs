namespace VirtEngine.DR.Tests.Kit;

/// <summary>Programs that tests need, found on PATH.</summary>
public static class Peers
{
    /// <summary>Whether a missing program is a failure.</summary>
    public static bool Required => Environment.GetEnvironmentVariable("VIRTENGINE_REQUIRE_PEERS") == "1";

    /// <summary>The program's path, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
