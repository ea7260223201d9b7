using Xunit;

namespace VirtEngine.DR.Tests.Shared;

/// <summary>
/// A real program that a test needs. Where it is not on PATH the test is skipped and names it; with
/// <c>VIRTENGINE_REQUIRE_PEERS=1</c> (the gate sets it) its absence is a failure.
/// </summary>
public static class RequiredProgram
{
    /// <summary>The program's path, or a skip that names it.</summary>
    public static string Find(string name)
    {
        string? path = Environment.GetEnvironmentVariable("PATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is not null)
        {
            return path;
        }

        string message = $"needs '{name}' on PATH";
        if (Environment.GetEnvironmentVariable("VIRTENGINE_REQUIRE_PEERS") == "1")
        {
            Assert.Fail(message);
        }

        Assert.Skip(message);
        return "";
    }
}
