using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Backups;

public sealed class ConfigurationBackupTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_PathsInsideAndOutsideTheHome_AreStoredVerifiedAndLaidOut()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        using var etc = new TempFolder();
        await File.WriteAllTextAsync(etc.File("mesh.yaml"), "mesh: one", _token);
        await File.WriteAllTextAsync(etc.File("tls.key"), "secret", _token);
        await estate.ConfigureAsync(_token, "config", etc.Path, "/none/such", "config/*.none");

        var (receipt, leftOut) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");

        Assert.Equal(2, leftOut.Count);
        Assert.StartsWith("/none/such is not in the backup", leftOut[0], StringComparison.Ordinal);
        Assert.StartsWith($"{estate.Home}/config/*.none is not in the backup", leftOut[1], StringComparison.Ordinal);
        Assert.Equal(3, (await estate.Repository.VerifyAsync(new VerifyCommand(estate.Slice, receipt.Backup, estate.Slice.Buckets[0], 3))).Rung);

        // Restored onto a home that is whole: what is there stays, what lies outside is only laid out.
        await File.WriteAllTextAsync(etc.File("mesh.yaml"), "mesh: two", _token);
        await File.AppendAllTextAsync(Path.Combine(estate.Home, "config", "app.toml"), "# mine\n", _token);
        var mine = await File.ReadAllTextAsync(Path.Combine(estate.Home, "config", "app.toml"), _token);
        var act = new RestoreAct(estate.Key("place"), estate.Slice, receipt.Backup, receipt.Regions);
        var home = await estate.Homes.PrepareAsync(act);

        Assert.Equal((HomePreparation.Complete, 0), (home.Preparation, home.Placed));
        Assert.Equal(mine, await File.ReadAllTextAsync(Path.Combine(estate.Home, "config", "app.toml"), _token));
        Assert.Equal("mesh: two", await File.ReadAllTextAsync(etc.File("mesh.yaml"), _token));
        Assert.Equal("mesh: one", await File.ReadAllTextAsync(home.Staging + "/root" + etc.File("mesh.yaml"), _token));
        Assert.False(File.Exists(home.Staging + "/root" + etc.File("tls.key")));
        Assert.Equal(
            [$"{estate.Home}/config/app.toml: another one is there and stays", $"{etc.File("mesh.yaml")}: outside the home, differs from what is there"], home.NotPlaced);
    }

    [Fact]
    public async Task Backup_GenesisIsNotAmongThePaths_IsInItAllTheSame()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        await estate.ConfigureAsync(_token, "config/app.toml");

        var (receipt, leftOut) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");

        Assert.Empty(leftOut);
        Assert.Equal(2, receipt.Backup.Files);
    }

    [Theory]
    [InlineData("config.toml")]
    [InlineData("genesis.json")]
    public async Task Capture_HomeIsLost_IsRefusedSoThatTheNewestBackupStaysTheOneToRestore(string gone)
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        await estate.ConfigureAsync(_token, "config", "/etc/hostname");
        File.Delete(Path.Combine(estate.Home, "config", gone));

        var failure = await Make.FailureAsync(estate.Backups.CaptureAsync(new CaptureCommand(estate.Key("capture"), estate.Slice, BackupKinds.Configuration)));

        Assert.Equal(ErrorTypes.Conflict, failure.ErrorType);
        Assert.Contains("config/" + gone, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capture_NothingThere_IsNotConfiguredAndNamesEachPath()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        await estate.ConfigureAsync(_token, "/none/such", "/none/other");
        estate.Slice = estate.Slice with { Target = estate.Slice.Target with { Node = estate.Slice.Target.Node with { Kind = Contracts.Estates.NodeKind.Monitoring } } };

        var failure = await Make.FailureAsync(estate.Backups.CaptureAsync(new CaptureCommand(estate.Key("capture"), estate.Slice, BackupKinds.Configuration)));

        Assert.Equal(ErrorTypes.NotConfigured, failure.ErrorType);
        Assert.Contains("/none/such", failure.Message, StringComparison.Ordinal);
        Assert.Contains("/none/other", failure.Message, StringComparison.Ordinal);
    }
}
