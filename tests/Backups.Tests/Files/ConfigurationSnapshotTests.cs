using VirtEngine.DR.Backups.Files;
using VirtEngine.DR.Backups.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Files;

public sealed class ConfigurationSnapshotTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Home => _folder.Sub("home");

    private string Etc => _folder.Sub("etc");

    [Fact]
    public async Task TakeAsync_InsideAndOutsideTheHome_StandBelowTheirRoots()
    {
        Write(Home, "config/app.toml", "a");
        Write(Home, "config/genesis.json", "{}");
        Write(Etc, "istio/mesh.yaml", "m");
        Write(Etc, "istio/deep/er/x.yaml", "x");
        Write(Etc, "prometheus/prometheus.yml", "p");
        Write(Etc, "prometheus/rules.txt", "not asked for");

        await using var snapshot = await TakeAsync("config/genesis.json", "config", Etc + "/istio", Etc + "/prometheus/*.yml");

        Assert.Equal(
            ["home/config/app.toml", "home/config/genesis.json", Root("istio/deep/er/x.yaml"), Root("istio/mesh.yaml"), Root("prometheus/prometheus.yml")],
            snapshot.Files.Select(file => file.Path));
        Assert.Empty(snapshot.LeftOut);
        Assert.True(Assert.Single(snapshot.Files, file => file.Alone).Path == "home/config/genesis.json");
        using var reader = new StreamReader(snapshot.Open(snapshot.Files[3]));
        Assert.Equal("m", await reader.ReadToEndAsync(Bench.Token));
    }

    [Fact]
    public async Task TakeAsync_HomeByItsAbsolutePath_IsTheHome()
    {
        Write(Home, "config/app.toml", "a");
        Write(Home, "data/application.db/CURRENT", "x");
        Write(Home, "data/priv_validator_state.json", "{}");
        Write(Home, ".virtengine-dr/lock", "");

        await using var snapshot = await TakeAsync(null, Home);

        Assert.Equal(["home/config/app.toml"], snapshot.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task TakeAsync_APathIsMissing_TheRestIsTakenAndItIsSaid()
    {
        Write(Home, "config/app.toml", "a");

        await using var snapshot = await TakeAsync("config/genesis.json", "config", "/none/such", Etc + "/*.conf");

        Assert.Equal(["home/config/app.toml"], snapshot.Files.Select(file => file.Path));
        Assert.Equal(3, snapshot.LeftOut.Count);
        Assert.Contains(snapshot.LeftOut, line => line.StartsWith($"{Home}/config/genesis.json is not in the backup: {Home}/config/genesis.json does not exist", StringComparison.Ordinal));
        Assert.Contains(snapshot.LeftOut, line => line.StartsWith("/none/such is not in the backup: /none does not exist", StringComparison.Ordinal));
        Assert.Contains(snapshot.LeftOut, line => line.StartsWith($"{Etc}/*.conf is not in the backup: {Etc}/*.conf fits no file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TakeAsync_NothingAtAll_IsAnErrorThatNamesEachPath()
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => TakeAsync("config/genesis.json", "config", "/none/such"));

        Assert.Equal(BackupErrorCodes.OptionsInvalid, error.Code);
        Assert.Contains("/none/such is not in the backup: /none does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("config/genesis.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAsync_PathThatCannotBeOpened_IsSaid()
    {
        Write(Home, "config/app.toml", "a");
        var unopenable = "/etc/" + new string('x', 300);

        await using var snapshot = await TakeAsync(null, "config", unopenable);

        Assert.StartsWith($"{unopenable} is not in the backup: {unopenable} cannot be opened", Assert.Single(snapshot.LeftOut), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, "permission denied")]
    [InlineData(1, "permission denied")]
    [InlineData(2, "does not exist")]
    [InlineData(40, "symbolic link")]
    public void Reason_OfAnError_SaysWhatToDo(int error, string words) => Assert.Contains(words, HostTree.Reason(error), StringComparison.Ordinal);

    [Fact]
    public async Task TakeAsync_LinksOnTheWayAtTheEndAndInside_AreNotFollowedAndSaid()
    {
        Write(Home, "config/app.toml", "a");
        Write(Etc, "real/x.conf", "x");
        Directory.CreateSymbolicLink(Path.Combine(Etc, "link"), Path.Combine(Etc, "real"));
        File.CreateSymbolicLink(Path.Combine(Etc, "real/passwd"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(Etc, "file.conf"), "/etc/hostname");

        await using var snapshot = await TakeAsync(null, "config", Etc + "/real", Etc + "/link/x.conf", Etc + "/link", Etc + "/file.conf");

        Assert.Equal(["home/config/app.toml", Root("real/x.conf")], snapshot.Files.Select(file => file.Path));
        Assert.Equal(4, snapshot.LeftOut.Count);
        Assert.All(snapshot.LeftOut, line => Assert.Contains("link", line, StringComparison.Ordinal));
        Assert.Contains(snapshot.LeftOut, line => line.StartsWith($"{Etc}/real/passwd is not in the backup", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tls.key", "x", false)]
    [InlineData("id_ed25519", "x", false)]
    [InlineData("prometheus.yml", "private_key: \"0123456789abcdef0123456789abcdef0123456789abcdef\"", true)]
    [InlineData("cert.txt", "-----BEGIN PRIVATE KEY-----\nAAAA", true)]
    public async Task TakeAsync_SecretOutsideTheHome_NeverEnters(string name, string content, bool said)
    {
        Write(Etc, "ok.yml", "ok");
        Write(Etc, name, content);

        await using var snapshot = await TakeAsync(null, Etc);

        Assert.Equal([Root("ok.yml")], snapshot.Files.Select(file => file.Path));
        Assert.Equal(said ? 1 : 0, snapshot.LeftOut.Count);
        Assert.All(snapshot.LeftOut, line => Assert.DoesNotContain("0123456789abcdef", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/proc/self")]
    [InlineData("/dev")]
    [InlineData("data/priv_validator_state.json")]
    [InlineData("data")]
    public async Task TakeAsync_WhatIsNoConfiguration_IsRefusedAndSaid(string path)
    {
        Write(Home, "config/app.toml", "a");
        Write(Home, "data/priv_validator_state.json", "{}");

        await using var snapshot = await TakeAsync(null, "config", path);

        Assert.Equal(["home/config/app.toml"], snapshot.Files.Select(file => file.Path));
        Assert.Contains("is not configuration", Assert.Single(snapshot.LeftOut), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAsync_PipesAndSockets_ArePassedBy()
    {
        Write(Etc, "ok.yml", "ok");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(Etc, "s.sock")));

        await using var snapshot = await TakeAsync(null, Etc);

        Assert.Equal([Root("ok.yml")], snapshot.Files.Select(file => file.Path));
    }

    public void Dispose() => _folder.Dispose();

    private static void Write(string root, string path, string content)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    private string Root(string path) => "root" + Path.Combine(Etc, path);

    private Task<ConfigurationSnapshot> TakeAsync(string? genesis, params string[] paths) =>
        ConfigurationSnapshot.TakeAsync(new ConfigurationRequest(Home, paths, genesis, ["data"]), TimeProvider.System, Bench.Token);
}
