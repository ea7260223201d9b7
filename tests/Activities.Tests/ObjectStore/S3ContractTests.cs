using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contract;

namespace VirtEngine.DR.Activities.Tests.ObjectStore;

/// <summary>The S3 adapter keeps the same contract as a folder, on a plain bucket of each server.</summary>
public abstract class S3ContractTests(string peer, bool locked) : ObjectStoreContract, IAsyncLifetime
{
    private S3Peer? _server;

    public async ValueTask InitializeAsync() => _server = await S3Peer.StartAsync(peer, TestContext.Current.CancellationToken, locked);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    protected override Task<IObjectStore> CreateStoreAsync() => Task.FromResult(_server!.Open(locked: locked));
}

public sealed class VersityContractTests() : S3ContractTests("versitygw", locked: false);

/// <summary>With versions. This server takes a delete marker for a taken key (AWS does not): a conditional write never succeeds there, which errs to the safe side.</summary>
public sealed class VersityVersionsContractTests() : S3ContractTests("versitygw", locked: true)
{
    [Fact]
    public override async Task Delete_ThenPut_CreatesAgain()
    {
        var token = TestContext.Current.CancellationToken;
        var store = await CreateStoreAsync();
        await store.PutAsync("again", "1"u8.ToArray(), null, token);
        await store.DeleteAsync("again", null, token);

        Assert.Equal(PutOutcome.Exists, await store.PutAsync("again", "2"u8.ToArray(), null, token));
        Assert.Equal(PutOutcome.Created, await store.PutAsync("again", "3"u8.ToArray(), new PutOptions(Overwrite: true), token));
        Assert.Equal("3"u8.ToArray(), await store.ReadAllAsync("again", 10, token));
    }
}

public sealed class MotoContractTests() : S3ContractTests("moto-server", locked: false);
