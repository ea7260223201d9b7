using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Signers;

/// <summary>What this host has of one key: its files, its gate's configuration, the register and the chain's witnesses.</summary>
internal sealed class SignerSetup : IDisposable
{
    private readonly CometBftRpcFactory _rpcs = new();

    private SignerSetup(SignerPaths paths, GateConfig config, string? volume)
    {
        (Paths, Config, Volume) = (paths, config, volume);
        Register = RegisterBuckets.Client(config);
        Witnesses = new ChainWitnesses(config.Rpcs, _rpcs, TimeProvider.System);
    }

    public SignerPaths Paths { get; }

    public GateConfig Config { get; }

    public RegisterClient Register { get; }

    public IChainWitnesses Witnesses { get; }

    /// <summary>The chain's commits, for a proof.</summary>
    public ICommitWitnesses Commits => new CommitWitnesses(Config.Rpcs, _rpcs);

    /// <summary>The chain's power budget.</summary>
    public PowerBudget Budget() => PowerBudgets.Open(Config, Paths.Signer.Chain, _rpcs);

    private string? Volume { get; }

    /// <summary>Reads the gate's configuration.</summary>
    /// <exception cref="CliException">The name or the configuration is wrong.</exception>
    public static SignerSetup Of(CliIo io, string chain, string address)
    {
        var signer = new SignerName(chain, address.ToUpperInvariant());
        if (signer.Problems() is { Count: > 0 } problems)
        {
            throw new CliException(ErrorTypes.InvalidInput, string.Join("; ", problems));
        }

        var paths = PathsOf(io, signer);
        try
        {
            return new SignerSetup(paths, GateConfig.Read(paths.Gate), io.Environment(SignerHost.VolumeVariable));
        }
        catch (InvalidDataException e)
        {
            throw new CliException(ErrorTypes.InvalidInput, e.Message, e);
        }
    }

    /// <summary>With a configuration that is known already.</summary>
    public static SignerSetup Of(CliIo io, SignerName signer, GateConfig config) => new(PathsOf(io, signer), config, io.Environment(SignerHost.VolumeVariable));

    /// <summary>Where this host keeps what belongs to a key.</summary>
    public static SignerPaths PathsOf(CliIo io, SignerName signer) => new(io.Environment(SignerPaths.RootVariable) ?? SignerPaths.DefaultRoot, signer);

    /// <summary>This machine.</summary>
    /// <exception cref="CliException">It cannot be told from others.</exception>
    public SignerHost Host()
    {
        try
        {
            return SignerHost.Of(Paths, Config, Volume);
        }
        catch (InvalidOperationException e)
        {
            throw new CliException(ErrorTypes.InvalidInput, e.Message, e);
        }
    }

    public SignerGate Gate() => new(Host(), Register, Witnesses);

    public void Dispose() => _rpcs.Dispose();
}
