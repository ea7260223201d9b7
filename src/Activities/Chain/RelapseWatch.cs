using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>
/// Tells a relapse from a bad moment: one look may fall between two blocks or two packets. That references do not answer says nothing
/// about the node; that the node itself stays silent does, after a longer time.
/// </summary>
internal sealed class RelapseWatch
{
    private const int UnhealthyLooks = 3;
    private const int SilentLooks = 10;

    private int _unhealthy;
    private int _silent;

    /// <summary>The relapse that this look completes; null when it is none.</summary>
    public HealthReport? Judge(HealthReport look)
    {
        _unhealthy = look.Health == Health.Unhealthy ? _unhealthy + 1 : 0;
        _silent = look is { Health: Health.Unknown, Height: null } ? _silent + 1 : 0;
        return _unhealthy >= UnhealthyLooks ? look
            : _silent >= SilentLooks ? look with { Health = Health.Unhealthy, Reasons = [.. look.Reasons, $"it has not answered {SilentLooks} times in a row"] }
            : null;
    }
}
