using System.Text.RegularExpressions;

namespace VirtEngine.DR.Estates.Rules;

/// <summary>Rules for single texts: names, URLs, addresses.</summary>
internal static partial class Text
{
    /// <summary>Names become queue names, keys in buckets and parts of workflow ids, so only harmless characters are allowed.</summary>
    public static void CheckName(string path, string name, Problems problems)
    {
        if (name.Length > 0 && !Name().IsMatch(name))
        {
            problems.Add(path, $"{Secrets.Shown(name)} is not a name.", "1 to 63 letters, digits, '.', '_' and '-', beginning with a letter or digit.");
        }
    }

    /// <summary>Each name once.</summary>
    public static void CheckUnique(IReadOnlyList<(string Path, string Value)> values, string what, Problems problems)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, value) in values.Where(v => v.Value.Length > 0))
        {
            if (!first.TryAdd(value, path))
            {
                problems.Add(path, $"{Secrets.Shown(value)} is used by {first[value]} already.", $"Each {what} once.");
            }
        }
    }

    /// <summary>An http or https URL. A password in it is found by the scan for secrets.</summary>
    public static void CheckHttp(string path, string? url, Problems problems, bool bare = false)
    {
        if (url is null)
        {
            return;
        }

        const string Form = "http://host:port or https://host:port";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            problems.Add(path, $"{Secrets.Shown(url)} is not an http or https URL.", Form + ".");
        }
        else if (bare && (uri.AbsolutePath != "/" || uri.Query.Length > 0 || uri.Fragment.Length > 0))
        {
            problems.Add(path, $"{Secrets.Shown(url)} has a path.", Form + ", nothing behind the port.");
        }
        else if (bare && !HasPort().IsMatch(url))
        {
            problems.Add(path, $"{Secrets.Shown(url)} names no port.", Form + "; CometBFT's RPC usually listens on 26657.");
        }
    }

    /// <summary>host:port.</summary>
    public static void CheckAddress(string path, string address, Problems problems)
    {
        var colon = address.LastIndexOf(':');
        if (address.Length > 0 && (colon < 1 || address.Contains('/', StringComparison.Ordinal)
            || !int.TryParse(address[(colon + 1)..], out var port) || port is < 1 or > 65535))
        {
            problems.Add(path, $"{Secrets.Shown(address)} is not an address.", "host:port with a port from 1 to 65535, such as 127.0.0.1:7233.");
        }
    }

    /// <summary>A path that stays inside the folder it is relative to.</summary>
    public static bool IsInside(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Contains('\0', StringComparison.Ordinal) && !path.Split('/', '\\').Contains("..");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^https?://(\[[^\]]+\]|[^/:]+):[0-9]+/?$")]
    private static partial Regex HasPort();
}
