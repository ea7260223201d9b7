using System.Security.Cryptography;
using VirtEngine.DR.Backups.Manifests;

namespace VirtEngine.DR.Backups.Verification;

/// <summary>Reads a rebuilt folder again from its start and compares every byte's digest with the manifest.</summary>
public static class FolderComparison
{
    /// <summary>What differs; empty when the folder equals the manifest, byte for byte and name for name.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(string folder, Manifest manifest, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var there = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(path => Path.GetRelativePath(folder, path)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            if (!there.Remove(file.Path))
            {
                problems.Add($"{file.Path} is missing");
                continue;
            }

            var path = Path.Combine(folder, file.Path);
            var stream = File.OpenRead(path);
            await using (stream.ConfigureAwait(false))
            {
                var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
                if (stream.Length != file.Size || digest != file.Sha256)
                {
                    problems.Add($"{file.Path}: {stream.Length} bytes with digest {digest}; {file.Size} with {file.Sha256} are expected");
                }
            }

            if ((int)File.GetUnixFileMode(path) != file.Mode)
            {
                problems.Add($"{file.Path}: its mode is not {Convert.ToString(file.Mode, 8)}");
            }
        }

        problems.AddRange(there.Select(path => $"{path} does not belong there"));
        return problems;
    }
}
