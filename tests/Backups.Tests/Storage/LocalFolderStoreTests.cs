using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Contract;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Storage;

public sealed class LocalFolderStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override Task<IObjectStore> CreateStoreAsync() => Task.FromResult<IObjectStore>(new LocalFolderStore(_folder.Path));

    [Fact]
    public async Task List_TemporaryLeftByACrash_IsNotShown()
    {
        var store = await CreateStoreAsync();
        Directory.CreateDirectory(Path.Combine(_folder.Path, ".tmp"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, ".tmp", "half"), "half", TestContext.Current.CancellationToken);
        await store.PutAsync("whole", new byte[] { 1 }, null, TestContext.Current.CancellationToken);

        var keys = new List<string>();
        await foreach (var item in store.ListAsync(string.Empty, TestContext.Current.CancellationToken))
        {
            keys.Add(item.Key);
        }

        Assert.Equal(["whole"], keys);
    }

    public void Dispose() => _folder.Dispose();
}
