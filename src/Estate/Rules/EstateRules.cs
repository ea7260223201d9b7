using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Estates.Rules;

/// <summary>What the parts of an estate mean together. Fields that are wrong by themselves were said already and are passed over.</summary>
internal static class EstateRules
{
    public static void Check(Estate estate, Problems problems, bool leaked)
    {
        RegionRules.Check(estate, problems);
        NodeRules.Check(estate, problems);

        // A key that is refused as a secret would otherwise be reported a second time as missing.
        BackupRules.Check(estate, problems, leaked);
        PolicyRules.Check(estate, problems);
        SigningRules.Check(estate, problems);
        ObserveRules.Check(estate, problems);
        DnsRules.Check(estate, problems);
    }
}
