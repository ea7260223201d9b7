using System.Text.RegularExpressions;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Reads where a bucket is.</summary>
internal static partial class BucketUrl
{
    /// <summary>An absolute URL; empty when it is wrong, which is said.</summary>
    public static string Read(MapReader bucket, EstateSection section, Folder folder, Problems problems)
    {
        var url = bucket.RequiredText("url");
        if (url.StartsWith("file:", StringComparison.Ordinal))
        {
            var path = url.StartsWith("file://", StringComparison.Ordinal) ? url[7..] : url[5..];
            if (path.Length > 0 && (path[0] == '/' || !url.StartsWith("file://", StringComparison.Ordinal)))
            {
                return "file://" + folder.Resolve(path);
            }
        }
        else if (url.Length == 0 || S3Url().IsMatch(url))
        {
            return url.TrimEnd('/');
        }

        problems.Add(bucket.At("url"), $"{Secrets.Shown(url)} is not a bucket.", section.Keys.First(key => key.Name == "url").Form);
        return "";
    }

    [GeneratedRegex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.*'()-]+)*/?$")]
    private static partial Regex S3Url();
}
