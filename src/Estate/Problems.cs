using VirtEngine.DR.Estates.Yaml;

namespace VirtEngine.DR.Estates;

/// <summary>Collects the mistakes of one reading, and where each field stands.</summary>
internal sealed class Problems
{
    private readonly List<EstateProblem> found = [];
    private readonly Dictionary<string, Position> positions = new(StringComparer.Ordinal);

    /// <summary>All mistakes by line and column.</summary>
    public IReadOnlyList<EstateProblem> All => [.. found.OrderBy(p => p.Line).ThenBy(p => p.Column).ThenBy(p => p.Path, StringComparer.Ordinal)];

    /// <summary>Remembers where a field stands, so that a later rule can point to it by its path.</summary>
    public void Mark(string path, Position at) => positions[path] = at;

    /// <summary>Was the field written in the file?</summary>
    public bool IsGiven(string path) => positions.ContainsKey(path);

    /// <summary>Did the field already get a mistake? Rules that build on it then stay silent.</summary>
    public bool IsBad(string path) => found.Exists(p => p.Path == path);

    /// <summary>Did anything below the field already get a mistake?</summary>
    public bool IsBadBelow(string path) => found.Exists(p => p.Path.StartsWith(path, StringComparison.Ordinal));

    /// <summary>Adds a mistake at a place.</summary>
    public void Add(Position at, string path, string message, string? allowed = null) =>
        found.Add(new EstateProblem(at.Line, at.Column, path, message, allowed));

    /// <summary>Adds a mistake at a field, or at the nearest field around it that was written.</summary>
    public void Add(string path, string message, string? allowed = null) => Add(Find(path), path, message, allowed);

    private Position Find(string path)
    {
        for (var part = path; part.Length > 0; part = Parent(part))
        {
            if (positions.TryGetValue(part, out var at))
            {
                return at;
            }
        }

        return new Position(1, 1);
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
