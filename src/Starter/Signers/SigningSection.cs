using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Signers;

/// <summary>The estate's signing section, or how to get one.</summary>
internal static class SigningSection
{
    /// <summary>The section.</summary>
    /// <exception cref="CliException">The estate has none.</exception>
    public static SigningSpec Of(CliSession session) => session.Estate().Estate.Signing
        ?? throw new CliException(ErrorTypes.NotConfigured, "The estate has no 'signing' section: name the register's buckets and two RPCs of different sources (docs/signing.md).");

    /// <summary>The section with its register.</summary>
    /// <exception cref="CliException">There is none yet.</exception>
    public static (SigningSpec Signing, string Register) WithRegister(CliSession session)
    {
        var signing = Of(session);
        return (signing, signing.Register ?? throw new CliException(
            ErrorTypes.NotConfigured, "The estate names no register: make it with 'virtengine-dr signer register init', and put the id that it prints into signing.register."));
    }
}
