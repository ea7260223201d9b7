using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>The tasks, and who said what about them. Decides at once, in the order in which it is told.</summary>
public sealed class AftermathBook(AftermathInput input)
{
    private const int LongestJournal = 200;
    private const int LongestText = 1000;

    private readonly List<AftermathTask> tasks = [.. input.Tasks];
    private readonly List<JournalEntry> journal = [.. input.Journal];

    /// <summary>The earliest deadline first.</summary>
    public IReadOnlyList<AftermathTask> Tasks => [.. tasks];

    /// <summary>Oldest first; the oldest are left out where it grows long.</summary>
    public IReadOnlyList<JournalEntry> Journal => [.. journal];

    /// <summary>What is not done.</summary>
    public IReadOnlyList<AftermathTask> Open => [.. tasks.Where(t => t.Done is null)];

    /// <summary>Rises with everything that changes a task.</summary>
    public int Changes { get; private set; }

    /// <summary>The next reminder.</summary>
    public DateTimeOffset? NextReminder => tasks.Select(Reminders.Next).Min();

    /// <summary>Somebody says that a task is done.</summary>
    public (bool Accepted, string Text) Done(DoneMessage? message, DateTimeOffset now)
    {
        message ??= new();
        var by = string.IsNullOrWhiteSpace(message.By) ? null : message.By.Trim();
        if (message.Id is { Length: > 0 } id && tasks.Find(t => t.Done?.MessageId == id) is { } before)
        {
            return (true, $"{before.Title} is done (answered before).");
        }

        var (accepted, text) = Decide(by, message, now);
        Note(by ?? "(unnamed)", accepted ? "task.done" : "done.refused", text, now);
        return (accepted, text);
    }

    /// <summary>The reminder of a task is behind it.</summary>
    public void Reminded(string id, int count)
    {
        var index = tasks.FindIndex(t => t.Id == id);
        tasks[index] = tasks[index] with { Reminded = count };
    }

    /// <summary>Writes an entry.</summary>
    public void Note(string actor, string what, string text, DateTimeOffset now)
    {
        journal.Add(new(now, actor, what, text.Length <= LongestText ? text : text[..LongestText] + "…"));
        if (journal.Count > LongestJournal)
        {
            journal.RemoveAt(0);
        }
    }

    private (bool, string) Decide(string? by, DoneMessage message, DateTimeOffset now)
    {
        var open = Open;
        var names = string.Join(", ", tasks.Select(t => t.Id));
        List<string> wrong = [];
        if (by is null)
        {
            wrong.Add("Say who you are (by).");
        }

        if (string.IsNullOrWhiteSpace(message.Where))
        {
            wrong.Add("Say where it can be read (where): a link or a place.");
        }

        var named = string.IsNullOrWhiteSpace(message.Task) ? null : message.Task.Trim();
        var task = named is null ? (open.Count == 1 ? open[0] : null) : tasks.Find(t => t.Id == named);
        if (task is null)
        {
            wrong.Add(named is null ? $"Name the task (task): {names}." : $"There is no task {named} (task); there is: {names}.");
        }

        if (wrong.Count > 0)
        {
            return (false, string.Join(" ", wrong));
        }

        if (task!.Done is { } done)
        {
            return (false, $"{task.Title} was done by {done.By} at {done.At:u}: {done.Where}. Nothing was changed.");
        }

        var late = now > task.DueAt;
        tasks[tasks.IndexOf(task)] = task with
        {
            Done = new(by!, now, message.Where!.Trim(), string.IsNullOrWhiteSpace(message.Note) ? null : message.Note.Trim(), message.Id, late),
        };
        Changes++;
        return (true, $"{task.Title} is done{(late ? $", {Spans.Text(now - task.DueAt)} after its deadline" : "")}: {message.Where.Trim()}");
    }
}
