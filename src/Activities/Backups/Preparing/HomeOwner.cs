using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Backups.Preparing;

/// <summary>Gives a home that was lost to the user that the node runs as; everything that is put in it follows the home.</summary>
internal static class HomeOwner
{
    /// <summary>Only for a lost home: one that is whole has the owner that somebody gave it.</summary>
    public static async Task GiveAsync(INodeControl control, NodeTarget target, NodeHome home, bool lost, CancellationToken cancellationToken)
    {
        if (lost && await control.OwnerAsync(target, cancellationToken).ConfigureAwait(false) is { } owner)
        {
            Ownership.Give(home.Path, owner.User, owner.Group);
        }
    }
}
