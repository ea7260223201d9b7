using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Restoring;

public sealed class DataSwapTests : IDisposable
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Home => _folder.Sub("home");

    private string SigningState => Path.Combine(Home, "data/priv_validator_state.json");

    [Fact]
    public async Task SwapAsync_ThenBack_MovesTheFoldersAndNeverLowersTheSigningState()
    {
        var request = Prepare("100");

        Assert.False(await DataSwap.IsInPlaceAsync(Home, Digest, Token));
        var swapped = await DataSwap.SwapAsync(request, Token);
        Assert.True(await DataSwap.IsInPlaceAsync(Home, Digest, Token));
        Assert.Equal("new", Read("data/db/000001.ldb"));
        Assert.Equal("new", Read("wasm/x"));
        Assert.False(File.Exists(Path.Combine(Home, "data/db/old.log")));
        Assert.Equal(new SigningState(100, 0, 3), swapped.SigningState);
        Assert.True(File.Exists(Path.Combine(swapped.KeptFolder, "data/db/old.log")));
        Assert.Equal("exchange", swapped.Method);
        Assert.Null(await DataSwap.PendingAsync(Home, Token));

        WriteState(SigningState, "150");
        var back = await DataSwap.SwapBackAsync(request, Token);

        Assert.False(await DataSwap.IsInPlaceAsync(Home, Digest, Token));
        Assert.Equal("old", Read("data/db/old.log"));
        Assert.False(Directory.Exists(Path.Combine(Home, "wasm")));
        Assert.Equal(new SigningState(150, 0, 3), back.SigningState);
    }

    [Fact]
    public async Task SwapAsync_Twice_ChangesNothingMore()
    {
        var request = Prepare("100");
        await DataSwap.SwapAsync(request, Token);
        WriteState(SigningState, "170");

        var again = await DataSwap.SwapAsync(request, Token);

        Assert.Equal("new", Read("data/db/000001.ldb"));
        Assert.Equal(new SigningState(170, 0, 3), again.SigningState);
    }

    [Fact]
    public async Task SwapAsync_Floor_RaisesAndAnOlderFloorDoesNotLower()
    {
        var raised = await DataSwap.SwapAsync(Prepare("100") with { SigningFloor = new SigningState(500, 1, 2) }, Token);
        Assert.Equal(new SigningState(500, 1, 2), raised.SigningState);

        var back = await DataSwap.SwapBackAsync(Request() with { SigningFloor = new SigningState(3, 0, 0) }, Token);
        Assert.Equal(new SigningState(500, 1, 2), back.SigningState);
    }

    [Fact]
    public async Task SwapAsync_BackupHoldsALowerSigningState_TheHigherStays()
    {
        var request = Prepare("100");
        WriteState(Path.Combine(request.StagedFolder, "data/priv_validator_state.json"), "7");

        Assert.Equal(new SigningState(100, 0, 3), (await DataSwap.SwapAsync(request, Token)).SigningState);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"height\":\"x\"}")]
    [InlineData("{\"height\":\"-5\"}")]
    [InlineData("{\"height\":\"12\",\"rou")]
    public async Task SwapAsync_UnreadableSigningState_SwapsNothing(string content)
    {
        var request = Prepare("100");
        await File.WriteAllTextAsync(SigningState, content, Token);

        var error = await Assert.ThrowsAsync<BackupException>(() => DataSwap.SwapAsync(request, Token));

        Assert.Equal(BackupErrorCodes.SigningStateUnreadable, error.Code);
        Assert.Equal("old", Read("data/db/old.log"));
        Assert.Null(await DataSwap.PendingAsync(Home, Token));
    }

    [Fact]
    public async Task SwapAsync_MissingSigningStateAndAGateThatRefusesIt_StaysMissingAndIsNeverTakenFromTheBackup()
    {
        var request = Prepare("100") with { GateGuards = true };
        File.Delete(SigningState);
        WriteState(Path.Combine(request.StagedFolder, "data/priv_validator_state.json"), "7");

        Assert.Equal(BackupErrorCodes.SigningStateMissing, (await Assert.ThrowsAsync<BackupException>(() => DataSwap.SwapAsync(request, Token))).Code);
        File.Delete(Path.Combine(request.StagedFolder, "data/priv_validator_state.json"));
        Assert.Null((await DataSwap.SwapAsync(request, Token)).SigningState);
        Assert.False(File.Exists(SigningState));
    }

    [Fact]
    public async Task SwapAsync_MissingSigningState_NeedsAFloorOrAKeylessNode()
    {
        var request = Prepare("100");
        File.Delete(SigningState);

        Assert.Equal(BackupErrorCodes.SigningStateMissing, (await Assert.ThrowsAsync<BackupException>(() => DataSwap.SwapAsync(request, Token))).Code);
        WriteState(Path.Combine(request.StagedFolder, "data/priv_validator_state.json"), "7");
        Assert.Equal(BackupErrorCodes.SigningStateMissing, (await Assert.ThrowsAsync<BackupException>(() => DataSwap.SwapAsync(request, Token))).Code);
        Assert.Equal("old", Read("data/db/old.log"));

        Assert.Equal(new SigningState(900, 0, 0), (await DataSwap.SwapAsync(request with { SigningFloor = new SigningState(900, 0, 0) }, Token)).SigningState);
    }

    [Fact]
    public async Task SwapAsync_EmptyHomeOfAKeylessNode_MovesIn()
    {
        var request = Prepare("100");
        Directory.Delete(Path.Combine(Home, "data"), recursive: true);

        var result = await DataSwap.SwapAsync(request with { Keyless = true }, Token);

        Assert.Equal("new", Read("data/db/000001.ldb"));
        Assert.Null(result.SigningState);
    }

    [Fact]
    public async Task Forward_MountPoint_MovesEntryByEntryAndLeavesTheSigningStateInPlace()
    {
        var request = PrepareMount("100");

        var result = DataSwap.Forward(request, path => path.EndsWith("/data", StringComparison.Ordinal));

        Assert.Equal("entry-by-entry", result.Method);
        Assert.Equal("new", Read("data/db/000001.ldb"));
        Assert.False(File.Exists(Path.Combine(Home, "data/db/old.log")));
        Assert.Equal(new SigningState(100, 0, 3), result.SigningState);

        WriteState(SigningState, "120");
        await File.WriteAllTextAsync(Path.Combine(Home, "data/made-by-the-node"), "x", Token);
        var back = await DataSwap.SwapBackAsync(request, Token);

        Assert.Equal("old", Read("data/db/old.log"));
        Assert.False(File.Exists(Path.Combine(Home, "data/made-by-the-node")));
        Assert.Equal(new SigningState(120, 0, 3), back.SigningState);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_KilledBeforeAnyRename_IsWholeEitherWayAfterTheNextCall(bool mount)
    {
        Func<string, bool> isMount = path => mount && path.EndsWith("/data", StringComparison.Ordinal);
        for (var kill = 0; ; kill++)
        {
            Directory.Delete(Home, recursive: true);
            var request = mount ? PrepareMount("100") : Prepare("100");
            var died = false;
            try
            {
                SwapSteps.BeforeRename.Value = Countdown(kill);
                DataSwap.Forward(request, isMount);
            }
            catch (OperationCanceledException)
            {
                died = true;
            }
            finally
            {
                SwapSteps.BeforeRename.Value = null;
            }

            if (died)
            {
                Assert.NotNull(SwapJournal.ReadAll(Home).SingleOrDefault(journal => !journal.Finished));
                Assert.True(SigningStateFile.Read(SigningState) is null or { State.Height: >= 100 });
                if (kill % 2 == 0)
                {
                    DataSwap.Forward(request, isMount);
                    Assert.Equal("new", Read("data/db/000001.ldb"));
                    Assert.False(File.Exists(Path.Combine(Home, "data/db/old.log")));
                }
                else
                {
                    DataSwap.Back(request);
                    Assert.Equal("old", Read("data/db/old.log"));
                    Assert.False(File.Exists(Path.Combine(Home, "data/db/000001.ldb")));
                }
            }

            Assert.Equal(new SigningState(100, 0, 3), SigningStateFile.Read(SigningState)!.State);
            Assert.DoesNotContain(SwapJournal.ReadAll(Home), journal => !journal.Finished);
            if (!died)
            {
                Assert.True(kill >= 2);
                return;
            }
        }
    }

    [Fact]
    public async Task DropKept_Finished_RemovesTheFormerFolders()
    {
        var request = Prepare("100");
        var result = await DataSwap.SwapAsync(request, Token);

        await DataSwap.DropKeptAsync(Home, Digest, Token);

        Assert.False(Directory.Exists(result.KeptFolder));
        Assert.Equal(BackupErrorCodes.SwapConflict, (await Assert.ThrowsAsync<BackupException>(() => DataSwap.SwapBackAsync(request, Token))).Code);
    }

    private static Action Countdown(int steps) => () =>
    {
        if (steps-- == 0)
        {
            throw new OperationCanceledException("killed here");
        }
    };

    private SwapRequest Request() => new(Home, Path.Combine(Home, ".virtengine-restore-" + Digest[..32]), Digest);

    private SwapRequest Prepare(string height)
    {
        Write(Home, "data/db/old.log", "old");
        WriteState(SigningState, height);
        var request = Request();
        Write(request.StagedFolder, "data/db/000001.ldb", "new");
        Write(request.StagedFolder, "wasm/x", "new");
        return request;
    }

    private SwapRequest PrepareMount(string height)
    {
        Write(Home, "data/db/old.log", "old");
        Write(Home, "data/other/old.log", "old");
        WriteState(SigningState, height);
        var request = Request() with { StagedFolder = Path.Combine(Home, "data/.virtengine-restore-" + Digest[..32]) };
        Write(request.StagedFolder, "data/db/000001.ldb", "new");
        Write(request.StagedFolder, "data/more/x", "new");
        return request;
    }

    private static void WriteState(string path, string height) => Write(Path.GetDirectoryName(path)!, Path.GetFileName(path), $"{{\"height\":\"{height}\",\"round\":0,\"step\":3,\"signature\":\"AA==\"}}");

    private static void Write(string root, string path, string text)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(Home, path));

    public void Dispose() => _folder.Dispose();
}
