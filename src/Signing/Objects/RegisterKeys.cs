using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VirtEngine.DR.Signing;

/// <summary>The names of the register's objects below a bucket's prefix.</summary>
public static class RegisterKeys
{
    /// <summary>Digits of an epoch: sorted by name is sorted by epoch.</summary>
    public const int Digits = 12;

    private const int MachineDigits = 32;

    /// <summary>Where the members' generations lie.</summary>
    public const string MembersFolder = "members/";

    /// <summary>The members of a generation.</summary>
    public static string Members(int generation) => string.Create(CultureInfo.InvariantCulture, $"{MembersFolder}{generation:D6}.json");

    /// <summary>The generation of a members' key; null for another name.</summary>
    public static int? GenerationOf(string key) =>
        key.StartsWith(MembersFolder, StringComparison.Ordinal) && key.EndsWith(".json", StringComparison.Ordinal)
        && int.TryParse(key[MembersFolder.Length..^5], NumberStyles.None, CultureInfo.InvariantCulture, out var generation) && Members(generation) == key ? generation : null;

    /// <summary>Where the enrolled machines lie.</summary>
    public const string MachinesFolder = "machines/";

    /// <summary>A machine's key of a generation.</summary>
    public static string Machine(string machine, int generation = 1) =>
        string.Create(CultureInfo.InvariantCulture, $"{MachinePrefix(machine)}{(generation == 1 ? "" : $"-{generation:D6}")}.json");

    /// <summary>What the names of all keys of a machine begin with: its identity may hold anything, so its hash is the name.</summary>
    public static string MachinePrefix(string machine) => MachinesFolder + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(machine)))[..MachineDigits];

    /// <summary>The generation of a machine's key by its name; null for another name.</summary>
    public static int? MachineGenerationOf(string machine, string key)
    {
        var prefix = MachinePrefix(machine);
        return key == Machine(machine) ? 1
            : key.StartsWith(prefix + "-", StringComparison.Ordinal) && key.EndsWith(".json", StringComparison.Ordinal)
            && int.TryParse(key[(prefix.Length + 1)..^5], NumberStyles.None, CultureInfo.InvariantCulture, out var generation) && generation > 1 && Machine(machine, generation) == key ? generation : null;
    }

    /// <summary>Where all signers' slots lie.</summary>
    public const string SignersFolder = "signers/";

    /// <summary>Where all power budgets' slots lie.</summary>
    public const string BudgetsFolder = "budget/";

    /// <summary>Where a signer's slots lie, or a power budget's (<c>budget/CHAIN/</c>).</summary>
    public static string Folder(SignerName signer) => signer.IsBudget ? $"{BudgetsFolder}{signer.Chain}/" : $"{SignersFolder}{signer.Chain}/{signer.Address}/";

    /// <summary>The signer of a slot's key; null for another name.</summary>
    public static SignerName? SignerOf(string key)
    {
        var parts = key.Split('/');
        var signer = parts.Length == 4 && parts[0] + "/" == SignersFolder ? new SignerName(parts[1], parts[2])
            : parts.Length == 3 && parts[0] + "/" == BudgetsFolder ? SignerName.Budget(parts[1]) : null;
        return signer is not null && signer.Problems().Count == 0 && EpochOf(signer, key) is not null ? signer : null;
    }

    /// <summary>A slot.</summary>
    public static string Slot(SignerName signer, long epoch) => Folder(signer) + epoch.ToString($"D{Digits}", CultureInfo.InvariantCulture) + ".json";

    /// <summary>The epoch of a slot's key; null for another name.</summary>
    public static long? EpochOf(SignerName signer, string key)
    {
        var folder = Folder(signer);
        return key.StartsWith(folder, StringComparison.Ordinal) && key.EndsWith(".json", StringComparison.Ordinal)
            && long.TryParse(key[folder.Length..^5], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) && epoch > 0 && Slot(signer, epoch) == key ? epoch : null;
    }
}
