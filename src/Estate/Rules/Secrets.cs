using System.Text.RegularExpressions;
using VirtEngine.DR.Estates.Yaml;

namespace VirtEngine.DR.Estates.Rules;

/// <summary>Finds secrets that somebody wrote into an estate, comments included, and keeps them out of messages.</summary>
internal static partial class Secrets
{
    public const string Advice =
        "Remove it and treat it as leaked. Keys stay in files of the host ('privateKeyFile', 'encryption.key'); AWS credentials come from the environment, the instance or 'profile'.";

    private static readonly (Regex Pattern, string What)[] Patterns =
    [
        (PrivateKey(), "a private key"),
        (AgeKey(), "an age secret key"),
        (AccessKey(), "an AWS access key id"),
        (NodeKey(), "a node's or validator's private key"),
        (UserInfo(), "a password in a URL"),
    ];

    private static readonly string[] Names =
    [
        "password", "passphrase", "passwd", "secret", "secretkey", "secretaccesskey", "accesskey", "accesskeyid", "awsaccesskeyid", "awssecretaccesskey",
        "privatekey", "privkey", "token", "sessiontoken", "apikey", "mnemonic", "seed", "credentials",
    ];

    /// <summary>Is the key's name that of a secret?</summary>
    public static bool IsSecretName(string key) =>
        Names.Contains(key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant());

    /// <summary>A value as a message may show it: cut when long, hidden when it looks like a secret.</summary>
    public static string Shown(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return Array.Exists(Patterns, p => p.Pattern.IsMatch(line)) || LooksRandom(line)
            ? "(hidden, it looks like a secret)"
            : line.Length > 60 ? $"'{line[..60]}…'" : $"'{line}'";
    }

    /// <summary>32 or 64 bytes in hex or base64, as keys are written.</summary>
    public static bool LooksRandom(string value) => Hex().IsMatch(value) || Base64().IsMatch(value);

    /// <summary>Scans the whole text, because a secret in a comment is leaked as well.</summary>
    public static void Scan(string text, Problems problems)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (var (pattern, what) in Patterns)
            {
                if (pattern.Match(lines[i]) is { Success: true } match)
                {
                    problems.Add(new Position(i + 1, match.Index + 1), "", $"Here stands {what}. Secrets never stand in an estate.", Advice);
                }
            }
        }
    }

    [GeneratedRegex("-----BEGIN [A-Z0-9 ]*PRIVATE KEY")]
    private static partial Regex PrivateKey();

    [GeneratedRegex("AGE-SECRET-KEY-1[0-9A-Z]{10}")]
    private static partial Regex AgeKey();

    [GeneratedRegex(@"\b(AKIA|ASIA)[0-9A-Z]{16}\b")]
    private static partial Regex AccessKey();

    [GeneratedRegex("\"?priv_key\"?\\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex NodeKey();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@")]
    private static partial Regex UserInfo();

    [GeneratedRegex("^(0x)?[0-9a-fA-F]{64,}$")]
    private static partial Regex Hex();

    [GeneratedRegex("^([A-Za-z0-9+/_-]{43}=|[A-Za-z0-9+/_-]{86}==)$")]
    private static partial Regex Base64();
}
