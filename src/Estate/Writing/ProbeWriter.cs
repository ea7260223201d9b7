using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Writing;

internal static class ProbeWriter
{
    private static readonly ProbeSpec Defaults = new() { Url = "" };

    public static void Write(YamlText yaml, ProbeSpec probe)
    {
        yaml.Pair("url", probe.Url);
        if (probe.Status != Defaults.Status)
        {
            yaml.Pair("status", probe.Status);
        }

        yaml.Pair("field", probe.Field);
        yaml.Pair("value", probe.Value);
        yaml.Pair("maxAge", probe.MaxAge is { } age ? Quantity.Text(age) : null);
        if (probe.Sample != Defaults.Sample)
        {
            yaml.Pair("sample", probe.Sample);
        }

        yaml.Pair("ca", probe.Ca);
        EstateWriter.Flag(yaml, "insecure", probe.Insecure);
    }
}
