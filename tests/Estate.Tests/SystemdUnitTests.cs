using VirtEngine.DR.Estates.Init;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

public sealed class SystemdUnitTests
{
    [Fact]
    public void Parse_SystemctlCat_FindsNameProgramAndHome()
    {
        var unit = SystemdUnit.Parse(FakeHome.Unit.Replace("{home}", "\"/opt/virt engine\"", StringComparison.Ordinal));

        Assert.Equal(("virtengine.service", "/usr/local/bin/virtengine", "/opt/virt engine", false), (unit.Name, unit.Binary, unit.Home, unit.Cosmovisor));
    }

    [Fact]
    public void Parse_Cosmovisor_NamesTheChildBinary()
    {
        var unit = SystemdUnit.Parse("[Service]\nEnvironment=DAEMON_NAME=virtengine\nEnvironment=\"DAEMON_HOME=/opt/virtengine\"\nExecStart=/usr/bin/cosmovisor run start\n");

        Assert.Equal((null, "virtengine", "/opt/virtengine", true), (unit.Name, unit.Binary, unit.Home, unit.Cosmovisor));
        Assert.Equal(["start"], unit.Arguments);
    }

    [Fact]
    public void Parse_DropInReplacesExecStart_TakesTheLast()
    {
        var unit = SystemdUnit.Parse("ExecStart=/usr/bin/old start\nExecStart=\nExecStart=-/usr/bin/new start --home=/srv/new\n");

        Assert.Equal(("/usr/bin/new", "/srv/new"), (unit.Binary, unit.Home));
    }
}
