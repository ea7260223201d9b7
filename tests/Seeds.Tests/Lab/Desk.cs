using VirtEngine.DR.Embedded;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>What people have planned to do, by virtual time.</summary>
public sealed class Desk(VirtualTime time)
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset At, int Number)> planned = new();
    private int number;

    /// <summary>Called before the next time is named: plans what the world asks for.</summary>
    public Action Watch { get; set; } = () => { };

    /// <summary>When something is to be done next; null when nothing is.</summary>
    public DateTimeOffset? Next()
    {
        Watch();
        lock (gate)
        {
            return planned.TryPeek(out _, out var at) ? at.At : null;
        }
    }

    /// <summary>Plans something.</summary>
    public void Plan(TimeSpan after, Func<Task> act)
    {
        lock (gate)
        {
            planned.Enqueue(act, (time.GetUtcNow() + after, number++));
        }
    }

    /// <summary>Does the one thing that is due first.</summary>
    public Task ActAsync()
    {
        lock (gate)
        {
            return planned.TryPeek(out var act, out var at) && at.At <= time.GetUtcNow() && planned.TryDequeue(out act, out _) ? act() : Task.CompletedTask;
        }
    }
}
