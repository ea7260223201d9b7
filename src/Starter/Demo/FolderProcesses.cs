using System.Diagnostics;
using System.Globalization;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>
/// Processes whose command line names a home below the demo's own folder. The node worker starts nodes in sessions of their own, so they
/// are no children of ours; the folder's random name is what makes them ours.
/// </summary>
internal static class FolderProcesses
{
    /// <summary>Their ids, our own left out.</summary>
    public static IReadOnlyList<int> Find(string folder)
    {
        var inside = folder.TrimEnd('/') + "/";
        var found = new List<int>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                // Only a whole argument below the folder counts, and only a node's: an editor with a file open there stays.
                var arguments = File.ReadAllText(Path.Combine(entry, "cmdline")).Split('\0');
                if (arguments.Contains("--home") && arguments.Any(argument => argument.StartsWith(inside, StringComparison.Ordinal)))
                {
                    found.Add(pid);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked, or it is somebody else's: neither is ours.
            }
        }

        return found;
    }

    /// <summary>Ends them at once and waits until none is left.</summary>
    public static async Task EndAsync(string folder)
    {
        for (var left = Find(folder); left.Count > 0; left = Find(folder))
        {
            foreach (var pid in left)
            {
                try
                {
                    using var process = Process.GetProcessById(pid);
                    process.Kill();
                    await process.WaitForExitAsync().ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
                {
                    // It has ended by itself meanwhile.
                }
            }
        }
    }
}
