namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Says right before a write whether the caller still owns the target.</summary>
public interface IFence
{
    /// <summary>Returns when the caller's attempt is the newest one seen at the target.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Fenced: a newer attempt owns it.</exception>
    void EnsureCurrent();
}
