using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
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
    {
        Host = host;
        Register = RegisterBuckets.Client(config);
        Witnesses = new ChainWitnesses(config.Rpcs, rpcs, TimeProvider.System);
    }

    /// <summary>The host.</summary>
    public SignerHost Host { get; }

    /// <summary>The register.</summary>
    public RegisterClient Register { get; }

    /// <summary>The chain.</summary>
    public ChainWitnesses Witnesses { get; }

    /// <summary>The key.</summary>
    public SignerName Signer => Host.Paths.Signer;

    /// <summary>Reads it; false with the reason where this host has no part in the interlock.</summary>
    public static bool TryOpen(NodeTarget target, SignerName? known, IChainRpcFactory rpcs, [NotNullWhen(true)] out SignerSite? site, out SignerName? signer, [NotNullWhen(false)] out string? why)
    {
        site = null;
        signer = known ?? NameOf(target, out _);
        if (signer is null)
        {
            NameOf(target, out why);
            why ??= "its key's address is not known";
            return false;
        }

        if (signer.Problems() is { Count: > 0 } problems)
        {
            why = string.Join("; ", problems);
            return false;
        }

        var paths = new SignerPaths(Environment.GetEnvironmentVariable("VIRTENGINE_SIGNER_ROOT") ?? SignerPaths.DefaultRoot, signer);
        try
        {
            var config = GateConfig.Read(paths.Gate);
            var facts = new HostFacts(config.HostRoot);
            var machine = facts.Identity(config.Identity, config.Disk, Environment.GetEnvironmentVariable("VIRTENGINE_VOLUME_HANDLE"));
            site = new SignerSite(new SignerHost(paths, machine, facts.BootId(), new HrsFile(config.HrsFile, config.Format), SignerRules.Instance), config, rpcs);
            why = null;
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

    private static SignerName? NameOf(NodeTarget target, out string? why)
    {
        why = null;
        if (target.Node.Signer?.Address is { } address)
        {
            return new SignerName(target.Chain.Id, address);
        }

        var file = NodeHome.Of(target.Node).SigningKey;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return new SignerName(target.Chain.Id, document.RootElement.GetProperty("address").GetString() ?? "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            why = $"the estate names no signer.address for '{target.Node.Name}', and '{file}' does not say it: {e.Message}";
            return null;
        }
    }
}
