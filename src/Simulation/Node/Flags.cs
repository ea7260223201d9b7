namespace VirtEngine.DR.Simulation.Node;

/// <summary>Flags as <c>--name value</c>, <c>--name=value</c> or <c>--name</c> (which is "true").</summary>
internal static class Flags
{
    public static Dictionary<string, string> Parse(IEnumerable<string> args)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        string? open = null;
        foreach (var arg in args)
        {
            if (arg.StartsWith("--", StringComparison.Ordinal))
            {
                var parts = arg[2..].Split('=', 2);
                open = parts.Length == 1 ? parts[0] : null;
                flags[parts[0]] = parts.Length == 1 ? "true" : parts[1];
            }
            else
            {
                flags[open ?? throw new InvalidDataException($"'{arg}' stands behind no flag")] = arg;
                open = null;
            }
        }

        return flags;
    }
}
