using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Restoring;

/// <summary>Restored files belong to the node's user. Giving files away needs root; elsewhere the tests are skipped and say so.</summary>
public sealed class OwnershipTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Match_FolderOfAnotherUser_GivesEverythingBelowIt()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: only root gives files to another user");
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["home/data/application.db"]);
        await File.WriteAllTextAsync(folder["home/data/application.db/CURRENT"], "x", Token);
        File.CreateSymbolicLink(folder["home/data/link"], "/etc/hostname");
        string outside = await OwnerAsync("/etc/hostname");
        await ChildProgram.RunAsync("chown", ["4711:4712", folder["home"]], cancellationToken: Token);

        Ownership.Match(folder["home/data"], like: folder["home"]);
        Ownership.Match(folder["home/data"], like: folder["home"]);

        foreach (string path in (string[])["home/data", "home/data/application.db", "home/data/application.db/CURRENT", "home/data/link"])
        {
            Assert.Equal("4711:4712", await OwnerAsync(folder[path]));
        }

        Assert.Equal(outside, await OwnerAsync("/etc/hostname"));
    }

    [Fact]
    public void Match_PathThatIsMissing_NamesIt()
    {
        using var folder = new ScratchFolder();

        var failure = Assert.Throws<IOException>(() => Ownership.Match(folder["none"], like: folder.Path));

        Assert.Contains(folder["none"], failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> OwnerAsync(string path) =>
        (await ChildProgram.RunAsync("stat", ["-c", "%u:%g", path], cancellationToken: Token)).Trim();
}
