using System.Globalization;
using VirtEngine.DR.Activities.Common;

namespace VirtEngine.DR.Activities.Backups.Proving;

/// <summary>What keeps a scratch node from the world and from the host's memory: the best of what this host lets its user do.</summary>
/// <param name="Prefix">Stands before the node's command; each program in it replaces itself by the next, so the process id stays.</param>
/// <param name="OwnNetwork">It has a network of its own, with nobody in it: its RPC must be a unix socket.</param>
/// <param name="Description">For the findings: exactly what applies, and why not more.</param>
/// <param name="Cgroup">A cgroup of its own, removed at the end; null where there is none.</param>
internal sealed record Isolation(IReadOnlyList<string> Prefix, bool OwnNetwork, string Description, string? Cgroup) : IDisposable
{
    private const string Unified = "/sys/fs/cgroup";
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromSeconds(10);

    /// <summary>Finds out by trying.</summary>
    /// <param name="memoryBytes">The most that the node may have.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<Isolation> ChooseAsync(long memoryBytes, CancellationToken cancellationToken)
    {
        var (network, net) = await NetworkAsync(cancellationToken).ConfigureAwait(false);
        var cgroup = MakeCgroup(memoryBytes);
        var (memory, cap) = cgroup is not null
            ? ((IReadOnlyList<string>)["sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", cgroup], "by a cgroup")
            : await MemoryAsync(memoryBytes, cancellationToken).ConfigureAwait(false);
        var size = string.Create(CultureInfo.InvariantCulture, $"{memoryBytes >> 20} MiB");
        return new Isolation([.. memory, .. network], network.Count > 0, $"{net}; memory {(cap is null ? "not capped: neither a cgroup nor systemd-run nor prlimit may be used here" : $"capped at {size} {cap}")}", cgroup);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Cgroup is not null && Directory.Exists(Cgroup))
        {
            Directory.Delete(Cgroup);
        }
    }

    /// <summary>Loopback is brought up inside where <c>ip</c> is there; the node listens on any address, which reaches nobody.</summary>
    private static async Task<(IReadOnlyList<string> Prefix, string Text)> NetworkAsync(CancellationToken cancellationToken)
    {
        string[] up = ["sh", "-c", "ip link set lo up 2>/dev/null; exec \"$@\"", "sh"];
        foreach (var unshare in new string[][] { ["unshare", "--net", "--"], ["unshare", "--user", "--map-root-user", "--net", "--"] })
        {
            if (await WorksAsync(unshare, cancellationToken).ConfigureAwait(false))
            {
                return ([.. unshare, .. up], "own network namespace, RPC over a unix socket");
            }
        }

        return ([], "loopback only: this host lets its user make no network namespace");
    }

    private static async Task<(IReadOnlyList<string> Prefix, string? Text)> MemoryAsync(long bytes, CancellationToken cancellationToken)
    {
        var text = bytes.ToString(CultureInfo.InvariantCulture);
        string[] scope = ["systemd-run", "--scope", "--quiet", "--collect", "-p", "MemoryMax=" + text, "-p", "MemorySwapMax=0", "--"];
        if (Directory.Exists("/run/systemd/system") && await WorksAsync(scope, cancellationToken).ConfigureAwait(false))
        {
            return (scope, "by a systemd scope");
        }

        string[] limit = ["prlimit", $"--data={text}:{text}", "--"];
        return await WorksAsync(limit, cancellationToken).ConfigureAwait(false) ? (limit, "by RLIMIT_DATA") : ([], null);
    }

    private static async Task<bool> WorksAsync(string[] prefix, CancellationToken cancellationToken)
    {
        try
        {
            return (await ChildProcess.RunAsync(prefix[0], [.. prefix.Skip(1), "true"], ProbeWithin, cancellationToken).ConfigureAwait(false)).ExitCode == 0;
        }
        catch (Exception e) when (e is FileNotFoundException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>A child of our own cgroup (or of its parent, where ours holds processes) with a memory limit; null where that cannot be had.</summary>
    private static string? MakeCgroup(long bytes)
    {
        var line = File.Exists("/proc/self/cgroup") ? File.ReadLines("/proc/self/cgroup").FirstOrDefault(one => one.StartsWith("0::/", StringComparison.Ordinal)) : null;
        if (line is null || !File.Exists(Path.Combine(Unified, "cgroup.controllers")))
        {
            return null;
        }

        var own = Path.Combine(Unified, line["0::/".Length..]);
        foreach (var parent in new[] { own, Path.GetDirectoryName(own) ?? own }.Where(Directory.Exists))
        {
            var made = Path.Combine(parent, $"virtengine-dr-prove-{Guid.NewGuid():N}");
            try
            {
                Directory.CreateDirectory(made);
                if (File.Exists(Path.Combine(made, "memory.max")))
                {
                    File.WriteAllText(Path.Combine(made, "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
                    if (File.Exists(Path.Combine(made, "memory.swap.max")))
                    {
                        File.WriteAllText(Path.Combine(made, "memory.swap.max"), "0");
                    }

                    return made;
                }

                Directory.Delete(made);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (Directory.Exists(made))
                {
                    Directory.Delete(made);
                }
            }
        }

        return null;
    }
}
