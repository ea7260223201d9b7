using System.Text;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Storage;
using Xunit;

namespace VirtEngine.DR.Contract;

/// <summary>What every object store must do. An adapter's test project includes this file and derives a class.</summary>
public abstract class ObjectStoreContract
{
    /// <summary>An empty store of its own.</summary>
    protected abstract Task<IObjectStore> CreateStoreAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task Put_FreeKey_IsReadBackWithSizeAndTime()
    {
        var store = await CreateStoreAsync();

        Assert.Equal(PutOutcome.Created, await store.PutAsync("a/b/one", Bytes("hello"), null, Token));

        Assert.Equal("hello", Encoding.UTF8.GetString((await store.ReadAllAsync("a/b/one", 100, Token))!));
        var info = await store.HeadAsync("a/b/one", Token);
        Assert.Equal(5, info!.Size);
        Assert.Equal("a/b/one", info.Key);
        Assert.InRange(info.LastModified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task Put_TakenKey_LeavesWhatIsThere()
    {
        var store = await CreateStoreAsync();
        await store.PutAsync("key", Bytes("first"), null, Token);

        Assert.Equal(PutOutcome.Exists, await store.PutAsync("key", Bytes("second"), null, Token));

        Assert.Equal("first", Encoding.UTF8.GetString((await store.ReadAllAsync("key", 100, Token))!));
    }

    [Fact]
    public async Task Put_Overwrite_Replaces()
    {
        var store = await CreateStoreAsync();
        await store.PutAsync("key", Bytes("first"), null, Token);

        Assert.Equal(PutOutcome.Created, await store.PutAsync("key", Bytes("2nd"), new PutOptions(Overwrite: true), Token));

        Assert.Equal("2nd", Encoding.UTF8.GetString((await store.ReadAllAsync("key", 100, Token))!));
    }

    [Fact]
    public async Task Put_ManyAtOnceOnOneKey_HasOneWinnerWhoseBytesStay()
    {
        var store = await CreateStoreAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i => (i, outcome: await store.PutAsync("race", Bytes($"writer {i}"), null, Token))));

        var winner = Assert.Single(outcomes, item => item.outcome == PutOutcome.Created);
        Assert.Equal($"writer {winner.i}", Encoding.UTF8.GetString((await store.ReadAllAsync("race", 100, Token))!));
    }

    [Fact]
    public async Task Put_EmptyAndLargeBodies_AreReadBack()
    {
        var store = await CreateStoreAsync();
        var large = new byte[5 << 20];
        new Random(7).NextBytes(large);
        await store.PutAsync("empty", ReadOnlyMemory<byte>.Empty, null, Token);
        await store.PutAsync("large", large, null, Token);

        Assert.Empty((await store.ReadAllAsync("empty", 10, Token))!);
        Assert.Equal(large, await store.ReadAllAsync("large", 6 << 20, Token));
    }

    [Fact]
    public async Task Open_MissingKey_IsNull()
    {
        var store = await CreateStoreAsync();

        Assert.Null(await store.OpenAsync("nowhere/at/all", null, Token));
        Assert.Null(await store.HeadAsync("nowhere/at/all", Token));
    }

    [Fact]
    public async Task List_Prefix_GivesItsKeysInOrdinalOrder()
    {
        var store = await CreateStoreAsync();
        foreach (var key in new[] { "n/b", "n/a/2", "n/a/10", "n/a.json", "m/x", "n2/y" })
        {
            await store.PutAsync(key, Bytes(key), null, Token);
        }

        Assert.Equal(["n/a.json", "n/a/10", "n/a/2", "n/b"], await KeysAsync(store, "n/"));
        Assert.Equal(["n/a/10", "n/a/2"], await KeysAsync(store, "n/a/"));
        Assert.Equal(["n/a.json", "n/a/10", "n/a/2"], await KeysAsync(store, "n/a"));
        Assert.Equal(["m/x", "n/a.json", "n/a/10", "n/a/2", "n/b", "n2/y"], await KeysAsync(store, string.Empty));
        Assert.Empty(await KeysAsync(store, "none/"));
    }

    [Fact]
    public async Task List_MoreThanAPage_GivesAll()
    {
        var store = await CreateStoreAsync();
        var keys = Enumerable.Range(0, 1100).Select(i => $"many/{i:d5}").ToList();
        await Parallel.ForEachAsync(keys, Token, async (key, token) => await store.PutAsync(key, new byte[] { 1 }, null, token));

        Assert.Equal(keys, await KeysAsync(store, "many/"));
    }

    [Fact]
    public async Task Delete_TwiceOrMissing_Succeeds()
    {
        var store = await CreateStoreAsync();
        await store.PutAsync("gone", Bytes("x"), null, Token);

        await store.DeleteAsync("gone", null, Token);
        await store.DeleteAsync("gone", null, Token);
        await store.DeleteAsync("never/was", null, Token);

        Assert.Null(await store.HeadAsync("gone", Token));
        Assert.Empty(await KeysAsync(store, "gone"));
    }

    [Fact]
    public virtual async Task Delete_ThenPut_CreatesAgain()
    {
        var store = await CreateStoreAsync();
        await store.PutAsync("again", Bytes("1"), null, Token);
        await store.DeleteAsync("again", null, Token);

        Assert.Equal(PutOutcome.Created, await store.PutAsync("again", Bytes("2"), null, Token));
    }

    [Fact]
    public async Task ListVersions_Overwritten_HasFormerOnesWhereThereAreVersions()
    {
        var store = await CreateStoreAsync();
        await store.PutAsync("v", Bytes("old"), null, Token);
        await store.PutAsync("v", Bytes("newer"), new PutOptions(Overwrite: true), Token);

        var versions = new List<ObjectInfo>();
        await foreach (var item in store.ListVersionsAsync("v", Token))
        {
            versions.Add(item);
        }

        Assert.Equal(store.Capabilities.Versioned ? [3L, 5L] : [5L], versions.Select(item => item.Size).Order());
        foreach (var version in versions)
        {
            Assert.Equal(version.Size, (await store.ReadAllAsync("v", version.Version, 100, Token))!.Length);
        }
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    [InlineData("/absolute")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("nul\0")]
    [InlineData("")]
    public async Task AnyCall_UnsafeKey_IsRefused(string key)
    {
        var store = await CreateStoreAsync();

        await Assert.ThrowsAsync<PathUnsafeException>(() => store.PutAsync(key, Bytes("x"), null, Token));
        await Assert.ThrowsAsync<PathUnsafeException>(() => store.HeadAsync(key, Token));
        await Assert.ThrowsAsync<PathUnsafeException>(() => store.OpenAsync(key, null, Token));
        await Assert.ThrowsAsync<PathUnsafeException>(() => store.DeleteAsync(key, null, Token));
    }

    private static async Task<List<string>> KeysAsync(IObjectStore store, string prefix)
    {
        var keys = new List<string>();
        await foreach (var item in store.ListAsync(prefix, Token))
        {
            keys.Add(item.Key);
        }

        return keys;
    }
}
