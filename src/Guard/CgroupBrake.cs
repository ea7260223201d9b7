using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Guard;

/// <summary>The freezer of cgroup v2: one write stops everything in the folder.</summary>
/// <param name="folder">The cgroup's folder.</param>
/// <param name="targets">The processes that must be in it.</param>
internal sealed class CgroupBrake(string folder, IReadOnlyList<Target> targets) : IBrake
{
    private readonly string freeze = Path.Combine(folder, "cgroup.freeze");
    private readonly byte[] events = Proc.Path(Path.Combine(folder, "cgroup.events"));
    private bool pulled;

    // A frozen thread sleeps; only the cgroup says that it is frozen.
    public bool ShowsInState => false;

    public Refusal? Check()
    {
        if (!File.Exists(freeze))
        {
            return new Refusal("target-denied", $"'{freeze}' does not exist: '{folder}' is no cgroup (v2) with a freezer");
        }

        if (Holds() || File.ReadAllText(freeze).Trim() != "0")
        {
            return new Refusal("target-stopped", $"cgroup '{folder}' was found frozen: somebody fenced it");
        }

        var inside = File.ReadLines(Path.Combine(folder, "cgroup.procs")).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToHashSet();
        foreach (var target in targets)
        {
            if (target.State() == 0)
            {
                return new Refusal("target-gone", $"process {target.Pid} with start time {target.Start} does not exist");
            }

            if (target.FoundStopped())
            {
                return new Refusal("target-stopped", $"process {target.Pid} was found stopped: somebody fenced it");
            }

            if (!inside.Contains(target.Pid))
            {
                return new Refusal("target-denied", $"process {target.Pid} is not in cgroup '{folder}'");
            }
        }

        return null;
    }

    public Refusal? Pull()
    {
        if (Check() is { } refusal)
        {
            return refusal;
        }

        try
        {
            File.WriteAllText(freeze, "1");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Refusal("target-denied", $"'{freeze}': {failure.Message}");
        }

        pulled = true;
        return null;
    }

    public bool Holds()
    {
        Span<byte> buffer = stackalloc byte[256];
        var read = Proc.Read(events, buffer);
        return read > 0 && Encoding.ASCII.GetString(buffer[..read]).Contains("frozen 1", StringComparison.Ordinal);
    }

    public void Release()
    {
        if (pulled)
        {
            File.WriteAllText(freeze, "0");
            pulled = false;
        }
    }
}
