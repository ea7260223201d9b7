using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>What a level is told. The key is the same however often it is sent: one level of one clock is one page, and each repetition to the last level one more.</summary>
public static class EscalationPage
{
    /// <summary>Makes the page.</summary>
    public static Notification Of(string escalationId, EscalationInput input, int number, EscalationLevel level, string then, DateTimeOffset now, int again)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(level);
        var run = input.Run;
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["run"] = run.WorkflowId,
            ["runbook"] = run.Runbook,
            ["target"] = run.Target,
            ["role"] = level.Role,
            ["contact"] = level.Contact ?? "not in the estate: reach them by your own list",
            ["operator"] = run.Operator,
            ["since"] = FormattableString.Invariant($"{input.Since:u} ({input.Why})"),
            ["next"] = $"{then}, unless somebody acknowledges",
            ["acknowledge"] = $"virtengine-dr acknowledge {run.WorkflowId} --by NAME",
            ["look"] = "virtengine-dr status " + run.WorkflowId,
        };
        var late = now > input.Since ? now - input.Since : TimeSpan.Zero;
        var text = number == 0
            ? $"{level.Role} has this run now: acknowledge it"
            : $"{level.Role}: {(again > 0 ? "still " : "")}not proven healthy {Spans.Text(late)} after {input.Why}, and nobody has acknowledged";
        return new(
            FormattableString.Invariant($"{escalationId}/{number}{(again > 0 ? $"/again/{again}" : "")}"), "critical", run.IncidentClass,
            $"{(run.Practice ? "[practice] " : "")}{run.Runbook} {run.Target}: {text}", details, input.Channels, run.Practice);
    }
}
