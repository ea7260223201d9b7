using Temporalio.Api.Enums.V1;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Seeds.Tests.Lab;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>What must hold after everything.</summary>
public static class CommonRules
{
    /// <summary>What does not hold.</summary>
    public static IEnumerable<string> Check(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        foreach (var run in account.Runs.Where(r => r.Status == WorkflowExecutionStatus.Running && r.Type is not (WorkflowTypes.Lock or WorkflowTypes.Aftermath)))
        {
            yield return $"{run.WorkflowId} never ends: {run.State?.Phase} {run.State?.Headline}";
        }

        foreach (var run in account.Runs.Where(r => r.Status is WorkflowExecutionStatus.TimedOut or WorkflowExecutionStatus.Canceled))
        {
            yield return $"{run.WorkflowId} is {run.Status}";
        }

        if (!account.Over && account.Runs.All(r => r.Status != WorkflowExecutionStatus.Running))
        {
            yield return "something goes on although every run has closed";
        }

        var terminated = account.Runs.Any(r => r.Status == WorkflowExecutionStatus.Terminated);
        foreach (var held in account.Runs.Where(r => r.Type == WorkflowTypes.Lock && r.Status == WorkflowExecutionStatus.Running && !terminated))
        {
            yield return $"{held.WorkflowId} is still held";
        }

        foreach (var acts in account.World.Acts.GroupBy(a => a.Key.FirstRunId))
        {
            var numbers = acts.Select(a => a.Key.Number).ToArray();
            if (!numbers.SequenceEqual(numbers.Order()))
            {
                yield return $"acts of {acts.First().Key.WorkflowId} came out of order: {string.Join(", ", acts.Select(a => $"{a.Activity} {a.Key.Number}"))}";
            }

            if (acts.SkipWhile(a => a.Key.Direction == "do").Any(a => a.Key.Direction == "do"))
            {
                yield return $"{acts.First().Key.WorkflowId} acted after it had begun to undo: {string.Join(", ", acts.Select(a => a.Key.ToString()))}";
            }
        }

        foreach (var evidence in account.World.Evidence.Where(e => e.Outcome is not null))
        {
            var state = account.Runs.LastOrDefault(r => r.WorkflowId == evidence.WorkflowId)?.State;
            if (state?.Outcome is { } outcome && outcome != evidence.Outcome && !(evidence.Outcome == RunOutcome.Succeeded && outcome == RunOutcome.Partial))
            {
                yield return $"the evidence of {evidence.WorkflowId} says {evidence.Outcome}, the run {outcome}";
            }
        }
    }
}
