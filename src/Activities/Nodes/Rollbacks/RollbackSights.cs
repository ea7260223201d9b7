using System.Globalization;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.Rollbacks;

/// <summary>
/// Says by the stores alone how far the undoing of one height is. CometBFT's rollback moves the state store first and then drops the block,
/// the SDK's moves the application last; a block above the state is dropped by <c>--hard</c> and is all that a plain one would have left.
/// </summary>
internal static class RollbackSights
{
    /// <summary>Looks.</summary>
    public static RollbackSight Of(NodeStores stores, long from, bool hard)
    {
        if (stores.Blocks.Height is not { } blocks || stores.State.Height is not { } state || stores.Application.Height is not { } application)
        {
            return RollbackSight.Unknown;
        }

        var below = from - 1;
        return (blocks, state, application) switch
        {
            _ when state == below && application == below && blocks == (hard ? below : from) => RollbackSight.Done,
            _ when hard && blocks == below && state == below && application == from => RollbackSight.Torn,
            _ when blocks == from && (state == from || state == below) && (application == from || application == below) => RollbackSight.Before,
            _ => RollbackSight.Elsewhere,
        };
    }

    /// <summary>The heights for people.</summary>
    public static string Text(NodeStores stores) => string.Create(
        CultureInfo.InvariantCulture, $"block store {One(stores.Blocks)}, state store {One(stores.State)}, application {One(stores.Application)}");

    private static string One(StoreHeight store) => store.Height is { } height ? height.ToString(CultureInfo.InvariantCulture) : $"unknown ({store.Unknown})";
}
