using System.Diagnostics.CodeAnalysis;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>What a node's own host has of its key: the gate's configuration, the record, the register and the chain's witnesses.</summary>
internal sealed class SignerSite
{
    private SignerSite(SignerHost host, GateConfig config, IChainRpcFactory rpcs)
        : this(host, RegisterBuckets.Client(config), new ChainWitnesses(config.Rpcs, rpcs, TimeProvider.System))
    {
        OfflineKeys = config.OfflineKeys;
        Rpcs = config.Rpcs;
    }

    /// <summary>Of its parts; the hunt in virtual time has a register and a chain of its own.</summary>
    internal SignerSite(SignerHost host, RegisterClient register, IChainWitnesses witnesses)
    {
        Host = host;
        Register = register;
        Witnesses = witnesses;
    }

    /// <summary>The host.</summary>
    public SignerHost Host { get; }

    /// <summary>The keys of people who vouch for what no machine can show.</summary>
    public IReadOnlyList<OfflineKey> OfflineKeys { get; } = [];

    /// <summary>The RPCs that its gate asks.</summary>
    public IReadOnlyList<GateRpc> Rpcs { get; } = [];

    /// <summary>The register.</summary>
    public RegisterClient Register { get; }

    /// <summary>The chain.</summary>
    public IChainWitnesses Witnesses { get; }

    /// <summary>The key.</summary>
    public SignerName Signer => Host.Paths.Signer;

    /// <summary>Where this host keeps what belongs to a key.</summary>
    public static SignerPaths PathsOf(SignerName signer) => new(Environment.GetEnvironmentVariable(SignerPaths.RootVariable) ?? SignerPaths.DefaultRoot, signer);

    /// <summary>Reads it; false with the reason where this host has no part in the interlock.</summary>
    public static bool TryOpen(NodeTarget target, SignerName? known, IChainRpcFactory rpcs, [NotNullWhen(true)] out SignerSite? site, out SignerName? signer, [NotNullWhen(false)] out string? why)
    {
        (site, signer, why) = (null, known, null);

        // The home is this host's: a call for another node came by the wrong queue.
        _ = NodeHome.Of(target.Node);
        try
        {
            // The key in the home must be the estate's: a gate of one key before a signer of another would guard nothing.
            signer ??= new SignerName(target.Chain.Id, SignerHome.Address(target.Node));
            if (signer.Problems() is { Count: > 0 } problems)
            {
                why = string.Join("; ", problems);
                return false;
            }

            var paths = PathsOf(signer);
            var config = GateConfig.Read(paths.Gate);
            site = new SignerSite(SignerHost.Of(paths, config, Environment.GetEnvironmentVariable(SignerHost.VolumeVariable)), config, rpcs);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            why = e.Message;
            return false;
        }
    }

    /// <summary>A possible holder with the node whose host it is.</summary>
    public async Task<IReadOnlyList<SignerHolder>> NamedAsync(IEnumerable<PossibleHolder> holders, CancellationToken cancellationToken)
    {
        var named = new List<SignerHolder>();
        foreach (var holder in holders)
        {
            var machine = await Register.MachineAsync(holder.Machine, cancellationToken).ConfigureAwait(false);
            named.Add(new SignerHolder(holder.Machine, holder.Epoch, holder.Why, machine?.Node));
        }

        return named;
    }
}
