namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>All schedules, by namespace and id.</summary>
internal sealed class ScheduleTable
{
    private readonly SortedDictionary<(string Namespace, string Id), ScheduleState> _schedules = [];

    public long NextNumber { get; set; } = 1;

    public IEnumerable<ScheduleState> All => _schedules.Values;

    public ScheduleState? Find(string ns, string id) => _schedules.GetValueOrDefault((ns, id));

    public ScheduleState Get(string ns, string id) => Find(ns, id) ?? throw Host.Errors.NotFound($"schedule \"{id}\" not found");

    public void Add(ScheduleState schedule)
    {
        _schedules[(schedule.Namespace, schedule.Id)] = schedule;
        NextNumber = Math.Max(NextNumber, schedule.Number + 1);
    }

    public void Remove(ScheduleState schedule) => _schedules.Remove((schedule.Namespace, schedule.Id));
}
