using Temporalio.Common;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// The one home of timeouts and retries: one policy per intent, made fresh for each call because options are mutable. None of
/// them hears the workflow's cancellation (see <see cref="Durable"/>), and a mutating call that is cancelled is waited for.
/// </summary>
public static class Policies
{
    /// <summary>How long a node's own worker may be absent before that is a fact which parks the run.</summary>
    public static TimeSpan NodePatience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long an activity may be silent before its worker counts as lost and another attempt begins. Every activity heartbeats, so
    /// that a killed worker costs this long and not the call's whole time.
    /// </summary>
    public static TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two pages about the same unanswered question; doubles up to <see cref="LongestPageInterval"/>.</summary>
    public static TimeSpan PageInterval { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest time between two pages about the same unanswered question.</summary>
    public static TimeSpan LongestPageInterval { get; } = TimeSpan.FromHours(4);

    /// <summary>How often the escalation tries to reach a level that no channel took; all with one key.</summary>
    public static int PageRounds => 5;

    /// <summary>Between two such rounds.</summary>
    public static TimeSpan PageAgain { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a closing run waits for what its escalation told last.</summary>
    public static TimeSpan EscalationPatience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>The first pause between two rounds of an undo that failed; doubles up to <see cref="LongestUndoPause"/>.</summary>
    public static TimeSpan UndoPause { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause between two rounds of an undo.</summary>
    public static TimeSpan LongestUndoPause { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a run waits for a holder of a lower rank to yield its lock.</summary>
    public static TimeSpan YieldPatience { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The first pause between two looks at a lock that was asked for; doubles up to <see cref="LongestYieldPoll"/>.</summary>
    public static TimeSpan YieldPoll { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a watch that nobody could answer.</summary>
    public static TimeSpan WatchPause { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause between two looks at a lock that is on its way.</summary>
    public static TimeSpan LockPoll { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two looks at a lock.</summary>
    public static TimeSpan LongestYieldPoll { get; } = TimeSpan.FromSeconds(15);

    /// <summary>A read that changes nothing.</summary>
    public static ActivityOptions Probe(string summary) => Make(summary, TimeSpan.FromMinutes(2), attempts: 4);

    /// <summary>A write that compares before it acts and carries its key.</summary>
    public static ActivityOptions Mutate(string summary) => Make(summary, TimeSpan.FromMinutes(15), attempts: 4);

    /// <summary>A write that must not be repeated under the same key.</summary>
    public static ActivityOptions Once(string summary) => Make(summary, TimeSpan.FromMinutes(15), attempts: 1);

    /// <summary>Moves bytes for hours, and resumes from what is there.</summary>
    public static ActivityOptions Transfer(string summary) => Make(summary, TimeSpan.FromHours(24), attempts: 12);

    /// <summary>Watches inside one heartbeating call for at most this long.</summary>
    public static ActivityOptions Watch(string summary, TimeSpan within) => Make(summary, within + TimeSpan.FromMinutes(2), attempts: 3);

    /// <summary>Watches something that may go on for ever; an absent worker never ends it.</summary>
    public static ActivityOptions WatchForEver(string summary) => Make(summary, TimeSpan.FromDays(365), attempts: 0);

    /// <summary>One round of an undo. The rounds themselves never end (<see cref="Unwinder"/>), so that the run hears verbs between them.</summary>
    public static ActivityOptions Undo(string summary) => Make(summary, TimeSpan.FromMinutes(15), attempts: 3);

    /// <summary>Tells people.</summary>
    public static ActivityOptions Page(string summary) => Make(summary, TimeSpan.FromMinutes(1), attempts: 5);

    /// <summary>Writes evidence; tried for long, because without it the run's history is all there is.</summary>
    public static ActivityOptions Evidence(string summary) => Make(summary, TimeSpan.FromMinutes(2), attempts: 10);

    /// <summary>Sends the call to the node's own worker, which has this long to take it.</summary>
    public static ActivityOptions OnNode(this ActivityOptions options, string node, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.TaskQueue = Names.NodeQueue(node);
        options.ScheduleToStartTimeout = patience ?? NodePatience;
        return options;
    }

    private static ActivityOptions Make(string summary, TimeSpan startToClose, int attempts) => new()
    {
        Summary = summary,
        StartToCloseTimeout = startToClose,
        HeartbeatTimeout = Heartbeat,
        CancellationToken = CancellationToken.None,
        CancellationType = ActivityCancellationType.WaitCancellationCompleted,
        RetryPolicy = new RetryPolicy
        {
            InitialInterval = TimeSpan.FromMilliseconds(500),
            BackoffCoefficient = 2,
            MaximumInterval = TimeSpan.FromSeconds(30),
            MaximumAttempts = attempts,
        },
    };
}
