using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace VirtEngine.DR.Activities.ObjectStore.S3;

/// <summary>Lifecycle rules of a bucket that would take backups away behind the engine's back: the store deletes by age, and an object of an
/// old backup is needed by the newest one.</summary>
internal static class S3Lifecycle
{
    /// <summary>Classes from which an object comes back after hours only.</summary>
    private static readonly string[] Archives = [S3StorageClass.Glacier.Value, S3StorageClass.DeepArchive.Value];

    /// <summary>Each rule that expires or archives what lies below the prefix, with what to do.</summary>
    /// <param name="client">The client.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="root">The prefix, empty for the whole bucket.</param>
    /// <param name="location">For messages.</param>
    /// <param name="required">Rules that may not be read are a problem.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        IAmazonS3 client, string bucket, string root, string location, bool required, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = bucket }, cancellationToken).ConfigureAwait(false);
            return [.. (answer.Configuration?.Rules ?? []).Where(rule => rule.Status == LifecycleRuleStatus.Enabled && Touches(rule, root) && Takes(rule) is not null)
                .Select(rule => $"{location}: the bucket's lifecycle rule '{rule.Id}' (prefix '{Prefix(rule)}') {Takes(rule)}: take {(root.Length == 0 ? "backups" : root)} out of it, for retention is decided here")];
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound && e.ErrorCode is not "NoSuchBucket" || e.ErrorCode is "NoSuchLifecycleConfiguration" || e.StatusCode is HttpStatusCode.NotImplemented)
        {
            // There are none, or the server knows none.
            return [];
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.Forbidden)
        {
            return required ? [$"{location}: the bucket's lifecycle rules may not be read ({e.ErrorCode}): allow s3:GetLifecycleConfiguration, for a rule that expires backups must be found before it does"] : [];
        }
        catch (Exception e) when (S3Errors.Map(e, location, "lifecycle", cancellationToken) is { } mapped)
        {
            throw mapped;
        }
    }

    /// <summary>What a rule does to objects; null when it leaves them readable.</summary>
    private static string? Takes(LifecycleRule rule)
    {
        if (rule.Expiration is { } expiration && (expiration.Days > 0 || expiration.Date is not null))
        {
            return "deletes objects by age";
        }

        if (rule.NoncurrentVersionExpiration is { NoncurrentDays: > 0 })
        {
            return "deletes former versions by age";
        }

        return (rule.Transitions ?? []).Any(item => Archives.Contains(item.StorageClass?.Value))
            || (rule.NoncurrentVersionTransitions ?? []).Any(item => Archives.Contains(item.StorageClass?.Value))
            ? "archives objects, so that they cannot be read for hours"
            : null;
    }

    private static bool Touches(LifecycleRule rule, string root) =>
        Prefix(rule) is var prefix && (root.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(root, StringComparison.Ordinal));

    private static string Prefix(LifecycleRule rule)
    {
#pragma warning disable CS0618 // Old configurations still carry the prefix on the rule itself.
        var old = rule.Prefix;
#pragma warning restore CS0618
        return rule.Filter?.LifecycleFilterPredicate switch
        {
            LifecyclePrefixPredicate { Prefix: { } prefix } => prefix,
            LifecycleAndOperator and => and.Operands?.OfType<LifecyclePrefixPredicate>().FirstOrDefault()?.Prefix ?? "",
            _ => old ?? "",
        };
    }
}
