using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Asks RPCs who signed the newest commits, below each one's own newest: that one misses late votes.</summary>
/// <param name="rpcs">The RPCs.</param>
/// <param name="factory">Opens them.</param>
/// <param name="time">The clock.</param>
public sealed class PowerWitnesses(IReadOnlyList<GateRpc> rpcs, IChainRpcFactory factory, TimeProvider time) : IPowerWitnesses
{
    private const int Commits = PowerPicture.Recent + 1;

    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly RpcPanel _panel = new(rpcs, factory, Patience);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PowerSight>> LookAsync(string chain, CancellationToken cancellationToken) => _panel.AskAsync(
        SignerName.Budget(chain),
        async (source, rpc, status, token) =>
        {
            var newest = status.Height - 1;
            var last = new Dictionary<string, long>(StringComparer.Ordinal);
            for (var height = newest; height > Math.Max(0, newest - Commits); height--)
            {
                if (await rpc.CommitAsync(height, token).ConfigureAwait(false) is not { } commit)
                {
                    return null;
                }

                // A vote for no block is a vote too: who casts it is there.
                foreach (var address in commit.Signers.Concat(commit.NilVoters))
                {
                    last.TryAdd(address, height);
                }
            }

            var validators = await rpc.ValidatorsAsync(Math.Max(1, newest), token).ConfigureAwait(false);
            return new PowerSight(source, newest, time.GetUtcNow() - status.BlockTime < Recent,
                [.. validators.Select(one => new ValidatorSight(one.Address, one.VotingPower, last.TryGetValue(one.Address, out var height) ? height : null))]);
        },
        cancellationToken);
}
