using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Where each step of the plan is. A new plan keeps what is known of steps that stay.</summary>
public sealed class StepBoard
{
    private readonly List<StepState> states = [];
    private IReadOnlyList<StepDeclaration> declared = [];

    /// <summary>In the plan's order.</summary>
    public IReadOnlyList<StepState> All => states;

    /// <summary>The declared steps.</summary>
    public IReadOnlyList<StepDeclaration> Declared => declared;

    /// <summary>Takes over a plan's steps.</summary>
    public void Adopt(IReadOnlyList<StepDeclaration> steps)
    {
        var former = states.ToArray();
        declared = steps;
        states.Clear();
        foreach (var step in steps)
        {
            var known = Array.Find(former, s => s.Id == step.Id);
            var status = known?.Status ?? StepStatus.Waiting;
            if (step.LeftOut is not null && status is StepStatus.Waiting or StepStatus.Failed)
            {
                status = StepStatus.LeftOut;
            }
            else if (step.LeftOut is null && status == StepStatus.LeftOut)
            {
                status = StepStatus.Waiting;
            }

            states.Add((known ?? new StepState { Id = step.Id, Number = step.Number, Title = step.Title }) with
            {
                Number = step.Number,
                Title = step.Parameters.Count == 0 ? step.Title : $"{step.Title} ({string.Join(", ", step.Parameters)})",
                Changes = step.Changes,
                Undo = step.Undo,
                Skippable = step.Skippable,
                Status = status,
                Detail = step.LeftOut ?? known?.Detail,
            });
        }
    }

    /// <summary>The state of a step.</summary>
    public StepState Of(string id) => states.Find(s => s.Id == id) ?? throw new ArgumentException($"no step {id}", nameof(id));

    /// <summary>Changes a step's state.</summary>
    public void Set(string id, Func<StepState, StepState> change)
    {
        var index = states.FindIndex(s => s.Id == id);
        states[index] = change(states[index]);
    }

    /// <summary>All of it again, from the first step on.</summary>
    public void Restart()
    {
        for (var i = 0; i < states.Count; i++)
        {
            states[i] = states[i] with { Status = StepStatus.Waiting, Detail = null, Error = null, StartedAt = null, EndedAt = null };
        }
    }

    /// <summary>Changes a step's state, if the plan has it: what was taken over from another run may have steps that it has not.</summary>
    public void TrySet(string id, Func<StepState, StepState> change)
    {
        if (IndexOf(id) >= 0)
        {
            Set(id, change);
        }
    }

    /// <summary>The next step to carry out with those that are independent of it; empty when all is done.</summary>
    public IReadOnlyList<StepDeclaration> Next()
    {
        var open = declared.Where(s => Of(s.Id).Status is StepStatus.Waiting or StepStatus.Failed or StepStatus.Running).ToArray();
        return open.Length == 0 ? [] : open[0].Group is not { } group ? [open[0]] : [.. open.TakeWhile(s => s.Group == group)];
    }

    /// <summary>A step's place in the plan; -1 when it is not in it.</summary>
    public int IndexOf(string id) => states.FindIndex(s => s.Id == id);
}
