using System.Diagnostics;
using CsCheck;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class MachineFileTests : IDisposable
{
    private static readonly MachineRecord Some = new()
    {
        Register = "r",
        Signer = new SignerName("c-1", new string('C', 40)),
        Machine = "m",
        Epoch = 5,
        Grant = 5,
        Fence = 5,
        Floor = new Hrs(10, 0, 3),
    };

    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Update_ToAnythingLower_IsRefused()
    {
        var file = new RecordFile(_folder["record.json"]);
        file.Update(_ => Some);

        Gen.Select(Gen.Long[0, 9], Gen.Long[0, 9], Gen.Long[0, 9], Gen.Long[0, 20]).Sample((epoch, grant, fence, height) =>
        {
            var next = Some with { Epoch = epoch, Grant = grant, Fence = fence, Floor = new Hrs(height, 0, 3) };
            var lower = epoch < 5 || grant < 5 || fence < 5 || height < 10;
            Assert.Equal(lower, RecordRules.Lowered(Some, next).Count > 0);
        });
        Assert.Throws<InvalidOperationException>(() => file.Update(_ => Some with { Fence = 4 }));
        Assert.Throws<InvalidOperationException>(() => file.Update(_ => Some with { Machine = "other" }));
        Assert.Equal(5, file.Read()!.Fence);
    }

    [Fact]
    public void Read_AnyTornRecord_IsRefused()
    {
        var file = new RecordFile(_folder["record.json"]);
        file.Update(_ => Some);
        var bytes = File.ReadAllBytes(_folder["record.json"]);

        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(_folder["record.json"], bytes[..length]);
            Assert.Throws<InvalidDataException>(() => file.Read());
        }

        var turned = bytes.ToArray();
        turned[Array.IndexOf(turned, (byte)'5')] = (byte)'4';
        File.WriteAllBytes(_folder["record.json"], turned);
        Assert.Throws<InvalidDataException>(() => file.Read());
    }

    [Theory]
    [InlineData(HrsFormat.CometBft, """{"height":"41","round":2,"step":3,"signature":"x","signbytes":"y"}""")]
    [InlineData(HrsFormat.Tmkms, """{"height":"41","round":"2","step":2,"block_id":null}""")]
    public void Raise_AFile_GoesUpwardsOnly(HrsFormat format, string text)
    {
        File.WriteAllText(_folder["state.json"], text);
        var file = new HrsFile(_folder["state.json"], format);

        Assert.Equal(new Hrs(41, 2, 3), file.Read());
        Assert.Equal(new Hrs(41, 2, 3), file.Raise(new Hrs(40, 9, 3)));
        Assert.Equal(text, File.ReadAllText(_folder["state.json"]));
        Assert.Equal(Hrs.AfterHeight(50), file.Raise(Hrs.AfterHeight(50)));
        Assert.Contains("\"50\"", File.ReadAllText(_folder["state.json"]), StringComparison.Ordinal);
        Assert.Equal(Hrs.AfterHeight(50), file.Raise(new Hrs(45, 0, 1)));
    }

    [Fact]
    public void Read_AFreshFileOfTmkms_IsNothingSigned()
    {
        // As tmkms 0.15 makes it, and as it stands after a precommit.
        var file = new HrsFile(_folder["state.json"], HrsFormat.Tmkms);
        File.WriteAllText(_folder["state.json"], """{"height":"0","round":"0","step":0,"block_id":{"hash":"","parts":{"total":0,"hash":""}}}""");
        Assert.Equal(Hrs.Zero, file.Read());

        File.WriteAllText(_folder["state.json"], """{"height":"82","round":"0","step":2,"block_id":{"hash":"61","parts":{"total":1,"hash":"F9"}}}""");
        Assert.Equal(new Hrs(82, 0, 3), file.Read());
    }

    [Fact]
    public void Raise_KilledAtAWrite_LeavesTheFormerOrTheNewFile()
    {
        foreach (var at in Enum.GetValues<WriteStep>())
        {
            var path = _folder[$"state-{at}.json"];
            new HrsFile(path, HrsFormat.CometBft).Raise(new Hrs(10, 0, 3));
            Assert.Throws<OperationCanceledException>(() => new HrsFile(path, HrsFormat.CometBft) { At = step => { if (step == at) { throw new OperationCanceledException(); } } }.Raise(new Hrs(20, 0, 3)));

            Assert.Equal(at >= WriteStep.Renamed ? 20 : 10, new HrsFile(path, HrsFormat.CometBft).Read()!.Value.Height);
        }
    }

    [Fact]
    public async Task TryTake_InheritedByAProcess_IsHeldUntilThatProcessEnds()
    {
        var path = _folder["lock"];
        var mine = HostLock.TryTake(path, inherited: true)!;
        using var child = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        mine.Dispose();

        Assert.Null(HostLock.TryTake(path, inherited: false));
        child.StandardInput.Close();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var free = HostLock.TryTake(path, inherited: false);
        Assert.NotNull(free);
    }

    [Fact]
    public void Identity_ComesFromTheHostAndNotFromTheDisk()
    {
        Write("sys/class/dmi/id/product_uuid", "4c4c4544-0042-3510\n");
        Write("sys/class/dmi/id/board_asset_tag", "i-0123\n");
        Write("sys/block/nvme0n1/device/serial", "vol0456   \n");
        Write("proc/sys/kernel/random/boot_id", "b-1\n");
        var facts = new HostFacts(_folder.Path);

        Assert.Equal("i-0123/vol0456", facts.Identity(IdentityKind.Cloud, "nvme0n1", null));
        Assert.Equal("4c4c4544-0042-3510/vol0456", facts.Identity(IdentityKind.Hardware, "nvme0n1", null));
        Assert.Equal("4c4c4544-0042-3510/pv-7", facts.Identity(IdentityKind.Kubernetes, null, "pv-7"));
        Assert.Equal("b-1", facts.BootId());
        Write("sys/class/dmi/id/product_uuid", "Not Settable\n");
        var problems = Assert.Throws<InvalidOperationException>(() => facts.Identity(IdentityKind.Hardware, "sdz", null)).Message;
        Assert.Contains("many machines share", problems, StringComparison.Ordinal);
        Assert.Contains("sdz", problems, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], text);
    }
}
