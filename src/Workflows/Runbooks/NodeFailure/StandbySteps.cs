using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>
/// The last cure: another full node takes the place of one whose host is gone. It is started on the data that it has, or on the newest proven backup of the one that
/// is gone. Two full nodes of one data do no harm; whatever may sign is never started this way.
/// </summary>
/// <param name="gone">The node whose host is gone.</param>
/// <param name="standby">The node that takes its place.</param>
/// <param name="keys">The run's keys.</param>
public sealed class StandbySteps(NodeSlice gone, NodeSlice standby, StepKeys keys)
{
    private const string Prefix = "standby-";
    private const string Healthy = "is healthy already";
    private const string Starts = "has data of its own";
    private const string Restores = "has no data";

    private readonly RestoreSteps restore = new(standby.Target.Node, new(standby, keys)) { Prefix = Prefix, EndsHung = true };
    private string? situation;

    /// <summary>The calls to it.</summary>
    public RestoreCalls Calls { get; } = new(standby, keys);

    /// <summary>Its slice.</summary>
    public NodeSlice Slice => standby;

    /// <summary>The backup that it is restored from; null where it is not.</summary>
    public BackupChoice? Choice => restore.Choice;

    /// <summary>What an approval or a reader of the plan accepts.</summary>
    public Bound Bound => Bound.Exactly("standby", $"{Name} takes the place of {gone.Target.Node.Name}: it {situation}{(restore.Choice is { } choice ? $" and is restored from backup {choice.Backup.Id}" : "")}");

    /// <summary>What is left for a person to do.</summary>
    public IEnumerable<string> LeftBehind => situation is null ? [] :
    [
        $"{Name} stands in for {gone.Target.Node.Name}: point load balancer, DNS and persistent_peers to it. When the host of {gone.Target.Node.Name} is back, run RB-DR-001 for it and point them back.",
        .. restore.LeftBehind,
    ];

    private string Name => standby.Target.Node.Name;

    /// <summary>Whether a step is one of these.</summary>
    public static bool Owns(string step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>Looks at it, and decides once what is done there.</summary>
    /// <param name="facts">Where it is recorded.</param>
    /// <param name="backup">Chooses a backup of the node that is gone.</param>
    /// <param name="left">What another run did there, when this one settles it; else empty.</param>
    /// <exception cref="ApplicationFailureException">It cannot stand in.</exception>
    public async Task GatherAsync(FactBook facts, Func<Task<BackupChoice>> backup, IReadOnlyList<string> left)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(backup);
        ArgumentNullException.ThrowIfNull(left);
        var host = await Calls.ObserveAsync();
        if (situation is null && left.Count == 0)
        {
            Refuse(host);
            var health = host.Process == ProcessState.Running ? await new HealthCalls(standby).LookAsync("looks at the health of " + Name) : null;
            situation = health?.Health == Contracts.Chain.Health.Healthy ? Healthy : host.DataPresent ? Starts : Restores;
        }

        situation ??= left.Any(step => step != Prefix + "start") ? Restores : Starts;
        if (situation == Restores)
        {
            restore.Choice ??= await backup();
        }

        facts.Record("standby", $"{Name} {situation}; {NodeFailureFacts.Describe(host)}{(restore.Choice is { } choice ? "; " + RestoreFacts.Describe(choice) : "")}", host.At);
    }

    /// <summary>A relapse: what is found there next decides anew.</summary>
    public void Relapsed()
    {
        situation = null;
        restore.Choice = null;
    }

    /// <summary>In order, numbered from the given number on.</summary>
    /// <param name="first">The number of the first step.</param>
    /// <param name="leftOut">Why all of them are left out; null when they are carried out.</param>
    /// <param name="begin">Told of each act.</param>
    public IReadOnlyList<StepDeclaration> Declare(int first, string? leftOut, Func<StepKey, StepKey> begin) =>
    [
        new()
        {
            Number = $"{first}", Id = Prefix + "look", Title = $"Another host: what {Name} has", LeftOut = leftOut,
            Act = act =>
            {
                begin(act.Key);
                return Task.FromResult<string?>($"{Name} {situation}");
            },
        },
        .. restore.Declare(first + 1, leftOut ?? (situation == Healthy ? "not needed: it is healthy already" : null), null)
            .Select(step => step.Id != Prefix + "start" && situation == Starts ? step with { LeftOut = leftOut ?? "not needed: it starts on the data that it has" } : step),
    ];

    private void Refuse(NodeObservation host)
    {
        var why = host.HoldsConsensusKey ? "its home holds a consensus key with voting power: it may sign"
            : host.MissingFromHome.Count > 0 ? $"its home lacks {string.Join(", ", host.MissingFromHome)}: prepare it first (virtengine-dr run RB-DR-006 --node {Name} --kind configuration)"
            : standby.Target.Chain.Id != gone.Target.Chain.Id ? "it is of another chain" : null;
        if (why is not null)
        {
            throw new ApplicationFailureException($"{Name} cannot stand in for {gone.Target.Node.Name}: {why}", ErrorTypes.Conflict, nonRetryable: true);
        }
    }
}
