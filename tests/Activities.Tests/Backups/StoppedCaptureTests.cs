using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Backups;

/// <summary>A stopped node's tables are linked into the capture like a running one's, never copied.</summary>
public sealed class StoppedCaptureTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Capture_StoppedNode_HoldsTheVeryTablesAndUploads()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        await Eventually.TrueAsync(() => Tables(Path.Combine(estate.Home, "data")).Length > 0, "the node has written tables", 60);
        await estate.Nodes.StopAsync(estate.Act("stop"));
        estate.Slice = estate.Slice with { Target = estate.Slice.Target with { Node = estate.Slice.Target.Node with { Backup = BackupMethod.Stopped } } };

        var staged = await estate.Backups.CaptureAsync(new CaptureCommand(estate.Key("capture"), estate.Slice, BackupKinds.ChainState));

        Assert.Equal("stopped", staged.Method);
        var captured = Tables(Path.Combine(staged.Staging, "files", "data"));
        Assert.NotEmpty(captured);
        foreach (var table in captured)
        {
            var live = Path.Combine(estate.Home, "data", Path.GetRelativePath(Path.Combine(staged.Staging, "files", "data"), table));
            Assert.Equal(await InodeAsync(live), await InodeAsync(table));
        }

        var upload = new UploadCommand(estate.Key("upload"), estate.Slice, BackupKinds.ChainState, staged, "b1");
        Assert.True((await estate.Backups.UploadAsync(upload)).Backup.Files > 0);
        await estate.Backups.DiscardAsync(upload);
    }

    private static string[] Tables(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*.ldb", SearchOption.AllDirectories) : [];

    private async Task<string> InodeAsync(string path) => (await ChildProgram.RunAsync("stat", ["-c", "%d:%i", path], cancellationToken: _token)).Trim();
}
