using System.Globalization;

namespace VirtEngine.DR.Guard;

/// <summary>The guard's arguments.</summary>
/// <param name="Targets">The processes to stop.</param>
/// <param name="Budget">The longest pause.</param>
/// <param name="Cgroup">The cgroup to freeze instead of signalling, or null.</param>
/// <param name="Record">The thaw record to delete once everything goes on, or null.</param>
internal sealed record GuardOptions(IReadOnlyList<Target> Targets, TimeSpan Budget, string? Cgroup, string? Record)
{
    /// <summary>Reads <c>--target PID:START --budget-ms N --cgroup DIR --record FILE</c>.</summary>
    public static GuardOptions Parse(string[] args)
    {
        var targets = new List<Target>();
        var budget = TimeSpan.FromMilliseconds(500);
        string? cgroup = null, record = null;
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--target": targets.Add(Target.Parse(args[i + 1])); break;
                case "--budget-ms": budget = TimeSpan.FromMilliseconds(int.Parse(args[i + 1], CultureInfo.InvariantCulture)); break;
                case "--cgroup": cgroup = args[i + 1]; break;
                case "--record": record = args[i + 1]; break;
                default: throw new ArgumentException($"unknown argument '{args[i]}'");
            }
        }

        return targets.Count == 0 || args.Length % 2 != 0 || budget <= TimeSpan.Zero || budget > TimeSpan.FromMinutes(1)
            ? throw new ArgumentException("usage: --target PID:START [--target …] [--budget-ms 1..60000] [--cgroup DIR] [--record FILE]")
            : new GuardOptions(targets, budget, cgroup, record);
    }
}
