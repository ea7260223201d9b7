namespace VirtEngine.DR.Backups.Manifests;

/// <summary>
/// Format 2: paths below named roots, so that configuration outside a node's home has a place too. <c>home/…</c> lies in the node's
/// home, <c>root/…</c> on its host. In format 1 every path lies in the home. Format 3 is evidence: <c>home/…</c> as it was found and
/// <c>evidence/…</c> beside it; a program that does not know it cannot restore it by mistake.
/// </summary>
public static class ManifestRoots
{
    /// <summary>The format whose paths begin with a root.</summary>
    public const int Format = 2;

    /// <summary>The format of evidence, which is never restored.</summary>
    public const int EvidenceFormat = 3;

    /// <summary>In evidence, what lies in no folder of the node: its log, what was left out, for which run.</summary>
    public const string Evidence = "evidence/";

    /// <summary>What lies in the node's home.</summary>
    public const string Home = "home/";

    /// <summary>What lies on the node's host: <c>root/etc/istio/mesh.yaml</c> is <c>/etc/istio/mesh.yaml</c>.</summary>
    public const string Host = "root/";

    /// <summary>Where a manifest's path belongs: relative to the home, or, where it lies outside it, relative to <c>/</c>.</summary>
    public static (bool InHome, string Relative) Split(Manifest manifest, string path) =>
        manifest.Format < Format ? (true, path)
        : path.StartsWith(Home, StringComparison.Ordinal) ? (true, path[Home.Length..])
        : (false, path[Host.Length..]);

    /// <summary>Whether a path begins with a root.</summary>
    public static bool IsRooted(string path) => IsBelow(path, Home) || IsBelow(path, Host);

    /// <summary>Why a path does not fit its format, or null.</summary>
    internal static string? Problem(Manifest manifest, string path) => manifest.Format switch
    {
        < Format => null,
        Format => IsRooted(path) ? null : $"in format {Format} a path begins with {Home} or {Host}",
        _ => IsBelow(path, Home) || IsBelow(path, Evidence) ? null : $"in format {EvidenceFormat} a path begins with {Home} or {Evidence}",
    };

    /// <summary>The format of a kind's manifests.</summary>
    internal static int FormatOf(string kind, bool rooted) => kind == BackupKinds.Forensic ? EvidenceFormat : rooted ? Format : 1;

    private static bool IsBelow(string path, string root) => path.Length > root.Length && path.StartsWith(root, StringComparison.Ordinal);
}
