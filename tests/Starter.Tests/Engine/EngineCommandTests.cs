using System.Text.Json.Nodes;
using VirtEngine.DR.Starter.Engine;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Engine;

/// <summary>The embedded engine by the command line: found by its note, with its key, and its file looked after.</summary>
public sealed class EngineCommandTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EngineFolder Folder => new(scratch["engine"]);

    [Fact]
    public async Task Status_EngineRuns_IsFoundWithItsKey()
    {
        await using var engine = await EngineHost.StartAsync(Folder, port: 0, Token);
        var io = Io();
        Assert.True(await io.RunAsync("status", "-o", "json") == 0, io.Error);
        Assert.Contains(engine.Address.Address, io.Error, StringComparison.Ordinal);
        Assert.Contains(Folder.DataFile, io.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(engine.Address.AccessKey!, io.Error + io.Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder.KeyFile));
    }

    [Fact]
    public async Task Status_WithoutTheKey_IsRefused()
    {
        await using var engine = await EngineHost.StartAsync(Folder, port: 0, Token);
        var io = new TestIo();
        Assert.NotEqual(0, await io.RunAsync("status", "-o", "json", "--address", engine.Address.Address));
    }

    [Fact]
    public async Task Status_NoEngineAndNoServer_EndsWithFiveAndSaysEveryWay()
    {
        var io = Io();
        Assert.Equal(ExitCodes.Unreachable, await io.RunAsync("status"));
        Assert.All(["virtengine-dr worker", "--address", "TEMPORAL_ADDRESS", Folder.Path], way => Assert.Contains(way, io.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NoteLeftByACrash_IsNotBelievedAndItsPortIsTakenAgain()
    {
        string address;
        await using (var first = await EngineHost.StartAsync(Folder, port: 0, Token))
        {
            address = first.Address.Address;
        }

        // A process that ended long ago: no pid is this high.
        new EngineNote(address, 1 << 30, Folder.KeyFile, Folder.DataFile, DateTimeOffset.UnixEpoch).Write(Folder);
        Assert.Null(await EngineNote.FindAsync(Folder, Token));
        await using var second = await EngineHost.FindOrStartAsync(Folder, port: 0, Token);
        Assert.True(second.Own);
        Assert.Equal(address, second.Address.Address);
    }

    [Fact]
    public async Task FindOrStart_TwiceAtOnce_OneRunsAndTheOtherFindsIt()
    {
        var both = await Task.WhenAll(EngineHost.FindOrStartAsync(Folder, 0, Token), EngineHost.FindOrStartAsync(Folder, 0, Token));
        try
        {
            Assert.Equal(1, both.Count(one => one.Own));
            Assert.Equal(both[0].Address.Address, both[1].Address.Address);
        }
        finally
        {
            await both[0].DisposeAsync();
            await both[1].DisposeAsync();
        }
    }

    [Fact]
    public async Task Backup_WhileItRuns_IsWholeAndExports()
    {
        await using var engine = await EngineHost.StartAsync(Folder, port: 0, Token);
        var io = Io();
        Assert.True(await io.RunAsync("engine", "backup", "--to", scratch["copy.db"], "-o", "json") == 0, io.Error);
        Assert.True(JsonNode.Parse(io.Output)!["bytes"]!.GetValue<long>() > 0);
        Assert.Equal(0, await Io().RunAsync("engine", "check", scratch["copy.db"]));
        Assert.Equal(0, await Io().RunAsync("engine", "export", "--to", scratch["histories"]));
    }

    [Fact]
    public async Task Check_NoEngineFile_EndsWithOneAndNamesIt()
    {
        await File.WriteAllTextAsync(scratch["other.db"], "no database", Token);
        var io = Io();
        Assert.Equal(ExitCodes.Failed, await io.RunAsync("engine", "check", scratch["other.db"]));
        Assert.Contains("other.db", io.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_FileOfAnotherProgram_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(Folder.Path);
        await File.WriteAllTextAsync(Folder.DataFile, new string('x', 4096), Token);
        var io = Io();
        Assert.Equal(ExitCodes.Failed, await io.RunAsync("engine", "serve"));
        Assert.Contains(Folder.DataFile, io.Error, StringComparison.Ordinal);
        Assert.Equal(new string('x', 4096), await File.ReadAllTextAsync(Folder.DataFile, Token));
    }

    public void Dispose() => scratch.Dispose();

    private TestIo Io()
    {
        var io = new TestIo();
        io.Environment["VIRTENGINE_ENGINE"] = Folder.Path;
        return io;
    }
}
