using System.Security.Cryptography;
using System.Text;

namespace VirtEngine.DR.Signing;

/// <summary>The key with which a machine signs its answers. Made once, at enrolment; it signs no votes.</summary>
public static class MachineKey
{
    /// <summary>Opens it.</summary>
    /// <exception cref="InvalidDataException">It is missing or no key.</exception>
    public static ECDsa Open(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FileNotFoundException or DirectoryNotFoundException)
        {
            key.Dispose();
            throw new InvalidDataException($"the machine's key '{path}' cannot be used ({e.Message}): enrol this machine", e);
        }
    }

    /// <summary>Makes it where there is none.</summary>
    public static ECDsa OpenOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            DurableBytes.Write(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return Open(path);
    }

    /// <summary>Its public half, as it is enrolled.</summary>
    public static string Public(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
}
