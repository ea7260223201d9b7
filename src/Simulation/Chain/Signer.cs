using System.Globalization;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>The key and its guard: it never signs below what it signed, and never two blocks at one height.</summary>
public sealed class Signer
{
    private const int Precommit = 3;
    private readonly string stateFile;
    private SigningState state;

    private Signer(ConsensusKey key, string stateFile)
    {
        Key = key;
        this.stateFile = stateFile;
        state = ChainJson.ReadFile(stateFile, json => json.SigningState);
    }

    /// <summary>The key.</summary>
    public ConsensusKey Key { get; }

    /// <summary>The last signed height.</summary>
    public long Height => long.Parse(state.Height, CultureInfo.InvariantCulture);

    /// <summary>Reads key and state; makes both where there is no key at all (as CometBFT does).</summary>
    /// <exception cref="FileNotFoundException">There is a key and no state: starting could sign twice.</exception>
    public static Signer Open(string keyFile, string stateFile)
    {
        if (!File.Exists(keyFile))
        {
            ChainJson.WriteFile(keyFile, ConsensusKey.Create(), json => json.ConsensusKey, secret: true);
            ChainJson.WriteFile(stateFile, SigningState.Zero, json => json.SigningState);
        }

        return File.Exists(stateFile)
            ? new Signer(ChainJson.ReadFile(keyFile, json => json.ConsensusKey), stateFile)
            : throw new FileNotFoundException($"'{stateFile}' does not exist: refusing to start with the key '{keyFile}' and no signing state", stateFile);
    }

    /// <summary>Signs a block, or says why not (null is the reason's absence).</summary>
    public (Vote? Vote, string? Refusal) Sign(Block block)
    {
        var text = $"{block.ChainId}/{block.Height}/0/{Precommit}/{block.Hash}";
        if (block.Height < Height)
        {
            return (null, $"height regression: got {block.Height}, last height {Height}");
        }

        if (block.Height == Height && state.SignBytes != text)
        {
            return (null, $"conflicting data: height {Height} was signed for another block");
        }

        if (block.Height > Height)
        {
            state = new SigningState(block.Height.ToString(CultureInfo.InvariantCulture), 0, Precommit, Key.Sign(text), text);
            ChainJson.WriteFile(stateFile, state, json => json.SigningState);
        }

        return (new Vote(Key.Address, state.Signature!, block.Time), null);
    }
}
