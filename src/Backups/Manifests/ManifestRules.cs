using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Manifests;

/// <summary>What must hold inside a manifest, whoever signed it: sizes add up and are bounded, paths are safe and appear once.</summary>
internal static class ManifestRules
{
    public static void Check(Manifest manifest, string what)
    {
        foreach (var item in manifest.Objects)
        {
            if (item.Size is < 1 or > Limits.ObjectPlain || item.Stored is < 1 or > Limits.ObjectStored || !IsDigest(item.Sha256))
            {
                throw Invalid(what, $"object {item.Key}: size must be 1 to {Limits.ObjectPlain}, stored 1 to {Limits.ObjectStored}, sha256 64 lower-case hexadecimal digits");
            }

            ObjectKeys.Validate(item.Key);
            if (!item.Key.StartsWith("objects/", StringComparison.Ordinal) && !item.Key.StartsWith("packs/", StringComparison.Ordinal))
            {
                throw new PathUnsafeException(item.Key, $"{what}: object key '{item.Key}' is not below objects/ or packs/");
            }
        }

        if (manifest.Format == ManifestRoots.Format && manifest.Kind != BackupKinds.Configuration)
        {
            throw Invalid(what, $"format {ManifestRoots.Format} holds configuration only, and its kind is '{manifest.Kind}'");
        }

        if ((manifest.Format == ManifestRoots.EvidenceFormat) != (manifest.Kind == BackupKinds.Forensic))
        {
            throw Invalid(what, $"evidence (kind {BackupKinds.Forensic}), and only that, is of format {ManifestRoots.EvidenceFormat}; it is of kind '{manifest.Kind}' and format {manifest.Format}");
        }

        var folders = new HashSet<string>(StringComparer.Ordinal);
        string? previous = null;
        foreach (var file in manifest.Files)
        {
            SafePaths.Check(file.Path, what);
            if (ManifestRoots.Problem(manifest, file.Path) is { } misplaced)
            {
                throw new PathUnsafeException(file.Path, $"{what}: '{file.Path}': {misplaced}");
            }

            if (previous is not null && string.CompareOrdinal(previous, file.Path) >= 0)
            {
                throw new PathUnsafeException(file.Path, $"{what}: '{file.Path}' appears twice or out of order");
            }

            previous = file.Path;
            for (var slash = file.Path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = file.Path.IndexOf('/', slash + 1))
            {
                folders.Add(file.Path[..slash]);
            }

            CheckParts(manifest, file, what);
        }

        foreach (var file in manifest.Files)
        {
            if (folders.Contains(file.Path))
            {
                throw new PathUnsafeException(file.Path, $"{what}: '{file.Path}' is both a file and a folder");
            }
        }
    }

    private static void CheckParts(Manifest manifest, ManifestFile file, string what)
    {
        long size = 0;
        foreach (var part in file.Parts)
        {
            if (part.Object < 0 || part.Object >= manifest.Objects.Count || part.Offset < 0 || part.Length < 1
                || (long)part.Offset + part.Length > manifest.Objects[part.Object].Size)
            {
                throw Invalid(what, $"file '{file.Path}': a part lies outside its object");
            }

            size += part.Length;
        }

        if (size != file.Size || file.Mode is < 0 or > 0x1FF || !IsDigest(file.Sha256))
        {
            throw Invalid(what, $"file '{file.Path}': its parts have {size} bytes and its size says {file.Size}, or its mode or sha256 is not one");
        }
    }

    private static bool IsDigest(string text) => text.Length == 64 && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    private static BackupException Invalid(string what, string why) => new(BackupErrorCodes.ManifestInvalid, $"{what}: {why}");
}
