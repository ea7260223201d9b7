using System.Text;
using System.Text.RegularExpressions;

namespace VirtEngine.DR.Backups.Files;

/// <summary>A pattern over relative paths: a file, a folder with all below it, or <c>*</c>, <c>?</c> and <c>**</c>.</summary>
internal sealed class Glob
{
    private readonly Regex _regex;

    public Glob(string pattern)
    {
        var trimmed = pattern.TrimEnd('/');
        Manifests.SafePaths.Check(trimmed, "pattern");
        var text = new StringBuilder(@"\A");
        for (var i = 0; i < trimmed.Length; i++)
        {
            var (piece, used) = trimmed[i..] switch
            {
                ['*', '*', '/', ..] => ("(?:.*/)?", 3),
                ['*', '*', ..] => (".*", 2),
                ['*', ..] => ("[^/]*", 1),
                ['?', ..] => ("[^/]", 1),
                _ => (Regex.Escape(trimmed[i].ToString()), 1),
            };
            text.Append(piece);
            i += used - 1;
        }

        _regex = new Regex(text.Append(@"(?:/.*)?\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }

    public bool Matches(string path) => _regex.IsMatch(path);
}
