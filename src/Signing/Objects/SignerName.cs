namespace VirtEngine.DR.Signing;

/// <summary>One consensus key: the chain and the key's address (40 upper-case hex digits).</summary>
/// <param name="Chain">The chain's id.</param>
/// <param name="Address">The consensus address.</param>
public sealed record SignerName(string Chain, string Address)
{
    private const string BudgetAddress = "budget";

    /// <summary>The name under which a chain's power budget is kept: no key, but the same sequence of slots that are written once.</summary>
    public static SignerName Budget(string chain) => new(chain, BudgetAddress);

    /// <summary>It is a chain's power budget and no key.</summary>
    public bool IsBudget => Address == BudgetAddress;

    /// <summary>What is wrong with it; empty when nothing is. Both become parts of keys and file names.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Chain.Length is 0 or > 64 || Chain[0] is '.' or '-' || !Chain.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            problems.Add($"chain '{Chain}': 1 to 64 of a-z, A-Z, 0-9, '-', '_', '.' are allowed, beginning with a letter or digit");
        }

        if (!IsBudget && (Address.Length != 40 || !Address.All(c => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F')))
        {
            problems.Add($"address '{Address}': 40 upper-case hex digits are allowed (the consensus address, as /validators shows it)");
        }

        return problems;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Chain}/{Address}";
}
