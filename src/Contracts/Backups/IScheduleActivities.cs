using Temporalio.Activities;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Backups;

/// <summary>The estate's schedules as the server has them; control queue.</summary>
public interface IScheduleActivities
{
    /// <summary>Looks at every schedule of the estate. Reads only.</summary>
    [Activity("schedules.look")]
    Task<ScheduleSight> LookAsync();
}

/// <summary>What was seen, and whom to tell.</summary>
/// <param name="At">When.</param>
/// <param name="Schedules">One entry per schedule of the estate.</param>
/// <param name="Channels">Where notifications go.</param>
/// <param name="Simulated">Whether the estate is a simulated one.</param>
public sealed record ScheduleSight(DateTimeOffset At, IReadOnlyList<ScheduleLook> Schedules, IReadOnlyList<ChannelSpec> Channels, bool Simulated);

/// <summary>One schedule as the server has it.</summary>
/// <param name="Workflow">What it starts.</param>
/// <param name="CatchUp">How late a run may still start.</param>
/// <param name="Exists">Whether the server has it.</param>
/// <param name="Paused">Somebody paused it.</param>
/// <param name="Missed">Runs that were due while nobody could start them, and that are too late now; the server counts them.</param>
/// <param name="Last">When the last run was due.</param>
/// <param name="Next">When the next one is due.</param>
public sealed record ScheduleLook(string Workflow, TimeSpan CatchUp, bool Exists, bool Paused, long Missed, DateTimeOffset? Last, DateTimeOffset? Next);

/// <summary>Starts <c>CheckSchedules</c>; it takes nothing.</summary>
public sealed record ScheduleCheckInput;

/// <summary>What a check found. The next one compares with it, so that each thing is told once.</summary>
/// <param name="Problems">What is wrong now.</param>
/// <param name="Unheard">Whom it could not tell.</param>
public sealed record ScheduleCheckOutcome(IReadOnlyList<ScheduleProblem> Problems, IReadOnlyList<string> Unheard);

/// <summary>Something wrong with a schedule.</summary>
/// <param name="Key">The same key is the same thing.</param>
/// <param name="Text">For people.</param>
public sealed record ScheduleProblem(string Key, string Text);
