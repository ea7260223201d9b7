using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>A gate of one plan: who said what about that plan's digest.</summary>
public sealed class Gate(string name, string question, string beforeStep, string digest, int required, string onTimeout)
{
    private readonly List<string> approvals = [];

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>What is asked.</summary>
    public string Question => question;

    /// <summary>The step that may not begin before it is passed; empty for one that was opened on the way.</summary>
    public string BeforeStep => beforeStep;

    /// <summary>The digest that an approval must name.</summary>
    public string Digest => digest;

    /// <summary>Approvals needed.</summary>
    public int Required => required;

    /// <summary>deny, hold or escalate.</summary>
    public string OnTimeout => onTimeout;

    /// <summary>Waiting now.</summary>
    public bool Open { get; private set; }

    /// <summary>Approved.</summary>
    public bool Passed { get; private set; }

    /// <summary>Who denied.</summary>
    public string? DeniedBy { get; private set; }

    /// <summary>When the timeout's default applies.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>Who approved so far.</summary>
    public IReadOnlyList<string> Approvals => approvals;

    /// <summary>Begins to wait. Approvals of the same digest stay when something else only came in between; after a denial none does.</summary>
    public void Ask(DateTimeOffset deadline)
    {
        if (DeniedBy is not null)
        {
            approvals.Clear();
        }

        DeniedBy = null;
        Passed = false;
        Open = true;
        Deadline = deadline;
    }

    /// <summary>One approval; false when this person has approved already.</summary>
    public bool Approve(string by)
    {
        if (approvals.Exists(a => People.Same(a, by)))
        {
            return false;
        }

        approvals.Add(by.Trim());
        if (approvals.Count >= required)
        {
            Passed = true;
            Open = false;
            Deadline = null;
        }

        return true;
    }

    /// <summary>A denial wins over every approval.</summary>
    public void Deny(string by)
    {
        DeniedBy = by.Trim();
        Open = false;
        Deadline = null;
    }

    /// <summary>Nobody waits any more.</summary>
    public void Close()
    {
        Open = false;
        Deadline = null;
    }

    /// <summary>As the state shows it.</summary>
    public GateState ToState() => new(name, question, required, Open, Passed, [.. approvals], DeniedBy, Deadline, onTimeout) { Digest = digest };
}
