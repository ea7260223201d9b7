using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Rules;

/// <summary>Reads certificates of authorities. The estate that leaves here holds the PEM itself: every vantage point pins the same.</summary>
internal static class Certificates
{
    private const string Advice = "A PEM 'CERTIFICATE', or a file with one or more.";

    /// <summary>A bundle of a few authorities is shorter; a larger file is something else.</summary>
    private const int MaxFile = 256 * 1024;

    public static string Read(string path, string value, Folder folder, Problems problems)
    {
        var pem = value;
        if (!value.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            var file = folder.Resolve(value);
            try
            {
                if (new FileInfo(file).Length > MaxFile)
                {
                    problems.Add(path, $"{Secrets.Shown(file)} is too large for certificates.", Advice);
                    return "";
                }

                pem = File.ReadAllText(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add(path, $"{Secrets.Shown(file)} cannot be read: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.'))}.", Advice);
                return "";
            }
        }

        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            problems.Add(path, "There is a private key in it; the estate holds certificates only.", Advice + " " + Secrets.Advice);
            return "";
        }

        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            if (found.Count > 0)
            {
                return pem.ReplaceLineEndings("\n").Trim() + "\n";
            }
        }
        catch (CryptographicException)
        {
            // Said below: it is none, or a damaged one.
        }

        problems.Add(path, "There is no whole PEM certificate in it.", Advice);
        return "";
    }
}
