namespace VirtEngine.DR.Signing;

/// <summary>When a machine adopts a fence, and when it may say so.</summary>
public static class FenceRules
{
    /// <summary>Only when the seal below it holds: nobody can stop a signer for an epoch that may never be granted. Lower fences change nothing.</summary>
    public static Decision MayAdopt(MachineRecord record, RegisterView view, long fence)
    {
        if (fence <= record.Fence)
        {
            return Decision.Yes;
        }

        var held = Sealing.Decide(view, fence);
        return held.Holds ? Decision.Yes : new Decision([.. held.Missing.Select(missing => $"fence {fence} is not adopted: {missing}")]);
    }

    /// <summary>Written, stopped, locked, in this order, and only then answered.</summary>
    public static Decision MayAnswer(FenceProgress progress, long fence)
    {
        var missing = new List<string>();
        if (progress.Fence < fence)
        {
            missing.Add($"fence {fence} is not on the disk (it is {progress.Fence})");
        }

        if (!progress.SignerStopped)
        {
            missing.Add("the signer still runs");
        }

        if (!progress.LockObtained)
        {
            missing.Add("the signer's lock is held by somebody");
        }

        return Decision.Of(missing);
    }
}
