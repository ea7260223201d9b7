using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>Free ports on loopback.</summary>
internal static class Ports
{
    public static int Free() => FreePorts.One();
}
