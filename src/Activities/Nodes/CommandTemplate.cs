namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Fills the placeholders of a command profile: <c>{home}</c>, <c>{chain}</c>, <c>{moniker}</c>.</summary>
internal static class CommandTemplate
{
    /// <summary>The arguments with every placeholder filled.</summary>
    public static IReadOnlyList<string> Render(IReadOnlyList<string> template, string home, string chain = "", string moniker = "") =>
        [.. template.Select(argument => argument
            .Replace("{home}", home, StringComparison.Ordinal)
            .Replace("{chain}", chain, StringComparison.Ordinal)
            .Replace("{moniker}", moniker, StringComparison.Ordinal))];
}
