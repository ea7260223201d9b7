using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>The node's program by its command profile. Commands differ between Cosmos binaries, so each is probed before use.</summary>
public sealed class NodeBinary(CommandProfile profile)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>The version that it prints; null when it cannot be had, with the reason in <paramref name="unknowns"/>.</summary>
    public async Task<string?> VersionAsync(string home, ICollection<string> unknowns, CancellationToken cancellationToken)
    {
        try
        {
            var result = await ChildProcess.RunAsync(profile.Binary, CommandTemplate.Render(profile.Version, home), Deadline, cancellationToken).ConfigureAwait(false);
            var text = string.IsNullOrWhiteSpace(result.Output) ? result.Error : result.Output;
            var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
            if (result.ExitCode == 0 && line is not null)
            {
                return line.Length > 64 ? line[..64] : line;
            }

            unknowns.Add($"'{profile.Binary} {string.Join(' ', profile.Version)}' ended with {result.ExitCode}: {result.FirstLine}");
        }
        catch (Exception e) when (e is FileNotFoundException or TimeoutException)
        {
            unknowns.Add($"version: {e.Message}");
        }

        return null;
    }

    /// <summary>Checks by <c>--help</c> that the binary has the command of a template; returns what is wrong, or null.</summary>
    public async Task<string?> ProbeAsync(IReadOnlyList<string> template, CancellationToken cancellationToken)
    {
        // The subcommand is what stands before the first option or placeholder.
        var command = template.TakeWhile(argument => !argument.StartsWith('-') && !argument.Contains('{', StringComparison.Ordinal)).ToArray();
        try
        {
            var result = await ChildProcess.RunAsync(profile.Binary, [.. command, "--help"], Deadline, cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0)
            {
                return $"'{profile.Binary} {string.Join(' ', command)} --help' ended with {result.ExitCode}: {result.FirstLine}. Set the command profile of the chain in the estate";
            }

            var help = result.Output + result.Error;
            var missing = template.Where(argument => argument.StartsWith("--", StringComparison.Ordinal) && !help.Contains(argument.Split('=')[0], StringComparison.Ordinal)).ToArray();
            return missing.Length == 0 ? null : $"'{profile.Binary} {string.Join(' ', command)}' has no {string.Join(", ", missing)}. Set the command profile of the chain in the estate";
        }
        catch (Exception e) when (e is FileNotFoundException or TimeoutException)
        {
            return e.Message;
        }
    }

    /// <summary>Makes a fresh home with new keys, after probing.</summary>
    public async Task<string?> InitAsync(string home, string chain, string moniker, CancellationToken cancellationToken)
    {
        if (await ProbeAsync(profile.Init, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            return problem;
        }

        var result = await ChildProcess.RunAsync(profile.Binary, CommandTemplate.Render(profile.Init, home, chain, moniker), Deadline, cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0 ? null : $"'{profile.Binary} {profile.Init[0]}' ended with {result.ExitCode}: {result.FirstLine}";
    }
}
