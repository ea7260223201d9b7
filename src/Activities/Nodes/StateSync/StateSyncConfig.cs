using System.Globalization;
using System.Text;
using Tomlyn;
using VirtEngine.DR.Activities.Backups.Proving;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.StateSync;

/// <summary>The <c>[statesync]</c> section of a node's <c>config.toml</c>, edited in place: comments and everything else stay character by character.</summary>
internal static class StateSyncConfig
{
    private const string Section = "statesync.";

    /// <summary>Without these no light client starts; a file that lacks one is not guessed at.</summary>
    private static readonly string[] Needed = ["enable", "rpc_servers", "trust_height", "trust_hash", "trust_period"];

    /// <summary>Where it is.</summary>
    public static string PathIn(NodeHome home) => Path.Combine(home.Path, "config", "config.toml");

    /// <summary>The settings as the file writes them, by <c>section.key</c>.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Invalid: a value cannot be one; all mistakes at once.</exception>
    public static SortedDictionary<string, string> Values(StateSyncSettings settings)
    {
        var mistakes = new List<string>();
        if (settings.RpcServers.Count < 2)
        {
            mistakes.Add($"rpc_servers has {settings.RpcServers.Count}; a light client needs at least 2");
        }

        mistakes.AddRange(settings.RpcServers
            .Where(server => !Uri.TryCreate(server, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || server.AsSpan().ContainsAny("\",\\\n"))
            .Select(server => $"rpc_servers: '{server}' is not an http:// or https:// URL"));
        if (settings.TrustHeight < 1)
        {
            mistakes.Add($"trust_height is {settings.TrustHeight}; the node refuses 0, and trusting nothing is no trust");
        }

        if (settings.TrustHash.Length != 64 || !settings.TrustHash.All(char.IsAsciiHexDigit))
        {
            mistakes.Add($"trust_hash is '{settings.TrustHash}'; it must be 64 hexadecimal digits");
        }

        if (settings.TrustPeriod < TimeSpan.FromMinutes(1))
        {
            mistakes.Add($"trust_period is {settings.TrustPeriod}; it must be at least a minute, and is about two thirds of the unbonding time");
        }

        return mistakes.Count > 0 ? throw Failures.Invalid(mistakes) : new(StringComparer.Ordinal)
        {
            [Section + "enable"] = "true",
            [Section + "rpc_servers"] = $"\"{string.Join(',', settings.RpcServers)}\"",
            [Section + "trust_height"] = settings.TrustHeight.ToString(CultureInfo.InvariantCulture),
            [Section + "trust_hash"] = $"\"{settings.TrustHash}\"",
            [Section + "trust_period"] = $"\"{Duration(settings.TrustPeriod)}\"",
            [Section + "discovery_time"] = $"\"{Duration(settings.DiscoveryTime)}\"",
            [Section + "chunk_request_timeout"] = $"\"{Duration(settings.ChunkRequestTimeout)}\"",
            [Section + "chunk_fetchers"] = $"\"{settings.ChunkFetchers.ToString(CultureInfo.InvariantCulture)}\"",
        };
    }

    /// <summary>What stands there now of the given keys.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">The file is not there, is no TOML, or lacks a key that is needed.</exception>
    public static SortedDictionary<string, string> Read(string path, IEnumerable<string> keys)
    {
        var found = TomlFile.Read(Text(path), keys, path);
        var missing = Needed.Where(key => !found.ContainsKey(Section + key)).ToArray();
        return missing.Length == 0 ? found : throw Failures.Permanent(
            ErrorTypes.NotConfigured, $"'{path}' has no {string.Join(", ", missing)} in [statesync]: add the section as the node's own init writes it, then retry");
    }

    /// <summary>Writes values in place, durably: before the return the former file is there, after it the new one.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, string> values, IFence fence)
    {
        var (text, _) = TomlFile.Apply(Text(path), values, path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = File.GetUnixFileMode(path) };
            using (var file = new FileStream(temporary, options))
            {
                file.Write(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            Ownership.MatchOne(temporary, like: path);
            fence.EnsureCurrent();
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Failures.Permanent(ErrorTypes.NotFound, $"'{path}' is not there: without it a node cannot state-sync", e);
        }
    }

    /// <summary>As Go writes and reads durations.</summary>
    private static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}h{time.Minutes}m{time.Seconds}s")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{time.Seconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Seconds}s");
}
