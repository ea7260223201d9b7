using Temporalio.Api.Schedule.V1;

namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>A schedule: what it is, and how far it has come.</summary>
internal sealed class ScheduleState
{
    public required string Namespace { get; init; }
    public required string Id { get; init; }
    public required long Number { get; init; }

    /// <summary>In canonical form: calendars and intervals as ranges, no words.</summary>
    public required Schedule Schedule { get; set; }
    public Memo? Memo { get; set; }
    public SearchAttributes? SearchAttributes { get; set; }
    public DateTime Created { get; set; }
    public DateTime? Updated { get; set; }

    /// <summary>All times up to here have been dealt with.</summary>
    public DateTime Done { get; set; }
    public long Actions { get; set; }
    public long Missed { get; set; }
    public long Overlapped { get; set; }
    public long Dropped { get; set; }
    public List<ScheduleActionResult> Recent { get; set; } = [];

    /// <summary>The workflows that it started and that have not ended, by their first run.</summary>
    public List<WorkflowExecution> Running { get; set; } = [];
    public List<BufferedStart> Buffer { get; set; } = [];
    public long Version { get; set; } = 1;
    public Payloads? LastResult { get; set; }
    public Failure? LastFailure { get; set; }
    public HashSet<string> Requests { get; set; } = [];

    /// <summary>When it stands in the wake-up list.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateTime? WakeAt { get; set; }
}
