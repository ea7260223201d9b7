using System.Text.Json;

namespace VirtEngine.DR.Estates.Init;

/// <summary>What a genesis says. It is streamed: that of an exported chain has gigabytes.</summary>
/// <param name="ChainId">The chain id.</param>
/// <param name="NamesKey">The consensus key stands in it, as a validator's or in a genesis transaction.</param>
internal sealed record GenesisFacts(string? ChainId, bool NamesKey)
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>One value longer than this is no genesis that a node reads.</summary>
    private const int MaxBuffer = 64 * 1024 * 1024;

    public static GenesisFacts Read(string file, string? key)
    {
        if (!File.Exists(file))
        {
            throw new EstateInitException($"{file} does not exist. Point --home to the home of a node that was set up.");
        }

        try
        {
            using var stream = File.OpenRead(file);
            return new Scan(key).Read(stream);
        }
        catch (JsonException)
        {
            throw new EstateInitException($"{file} is not valid JSON.");
        }
    }

    private sealed class Scan(string? key)
    {
        private string? chainId;
        private bool names;

        public GenesisFacts Read(Stream stream)
        {
            var buffer = new byte[FirstBuffer];
            var held = 0;
            var state = new JsonReaderState();
            while (true)
            {
                var read = stream.Read(buffer, held, buffer.Length - held);
                held += read;
                var reader = new Utf8JsonReader(buffer.AsSpan(0, held), isFinalBlock: read == 0, state);
                Tokens(ref reader);
                if (read == 0)
                {
                    return new GenesisFacts(chainId, names);
                }

                state = reader.CurrentState;
                var used = (int)reader.BytesConsumed;
                buffer.AsSpan(used, held - used).CopyTo(buffer);
                held -= used;
                if (held == buffer.Length)
                {
                    // One token fills the buffer: it has to grow, within reason.
                    Array.Resize(ref buffer, buffer.Length < MaxBuffer ? buffer.Length * 2 : throw new JsonException("a value is too long"));
                }
            }
        }

        private void Tokens(ref Utf8JsonReader reader)
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.String)
                {
                    atChainId = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("chain_id");
                    continue;
                }

                if (atChainId)
                {
                    chainId = reader.GetString();
                    atChainId = false;
                }

                names |= key is not null && reader.ValueTextEquals(key);
            }
        }

        private bool atChainId;
    }
}
