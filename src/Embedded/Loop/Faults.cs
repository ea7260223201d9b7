namespace VirtEngine.DR.Embedded.Loop;

/// <summary>What goes wrong by plan. Whether something is lost is decided when it is handed out, on the loop, in its order.</summary>
internal sealed class Faults(FaultPlan? plan)
{
    private readonly Random _chance = new(unchecked((int)((plan?.Seed ?? 0) ^ ((plan?.Seed ?? 0) >> 32))));
    private int _workflowTasks;

    /// <summary>Whether tasks are given out by the seed, one workflow task at a time.</summary>
    public bool IsSeeded => plan is not null;

    /// <summary>The number of workflow tasks that were given out.</summary>
    public int WorkflowTasks => _workflowTasks;

    /// <summary>Which of several is next.</summary>
    public int Choose(int count) => _chance.Next(count);

    public void OnWorkflowTask(Run run)
    {
        if (plan is null)
        {
            return;
        }

        _workflowTasks++;
        bool lost = Happens(plan.LoseWorkflowTasks) | plan.LoseWorkflowTask == _workflowTasks;

        // Attempts of one task carry the same number: what was lost before is not lost again by itself.
        run.LostTask = lost ? run.State.Task!.StartedEventId : 0;
        if (Happens(plan.LoseSticky))
        {
            run.ForgetSticky = true;
        }
    }

    public void OnActivity(Run run, long scheduledId)
    {
        if (plan is not null && Happens(plan.LoseActivities))
        {
            run.LostActivities[scheduledId] = run.State.Activities[scheduledId].Attempt;
        }
    }

    private bool Happens(double share) => _chance.NextDouble() < share;
}
