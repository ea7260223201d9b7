using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Activities.ObjectStore.S3;

/// <summary>Decides which failures of S3 are transient. 403 is permanent and never taken for "not there"; a missing bucket is no missing object.</summary>
internal static class S3Errors
{
    private static readonly string[] TransientCodes =
    [
        "SlowDown", "RequestTimeout", "Throttling", "ThrottlingException", "RequestLimitExceeded", "InternalError", "ServiceUnavailable",
        "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "RequestTimeTooSkewed", "OperationAborted", "ConditionalRequestConflict",
    ];

    /// <summary>True when the object (or that version of it) is not there.</summary>
    public static bool IsMissing(AmazonS3Exception e) =>
        (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode is not "NoSuchBucket") || e.ErrorCode is "NoSuchKey" or "NoSuchVersion";

    /// <summary>Our exception for the vendor's; null for those that are not the store's (a cancellation by the caller).</summary>
    public static ObjectStoreException? Map(Exception exception, string location, string key, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || exception is ObjectStoreException)
        {
            return null;
        }

        return exception switch
        {
            AmazonServiceException e => Map(e, location, key),
            AmazonClientException e when e.Message.Contains("credential", StringComparison.OrdinalIgnoreCase) =>
                new ObjectStoreException($"{location}: no AWS credentials: {e.Message}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the bucket's profile in the estate", transient: false, e),
            AmazonClientException or HttpRequestException or System.Net.Sockets.SocketException or IOException or TimeoutException or OperationCanceledException =>
                new ObjectStoreException($"{location}: {key}: {exception.Message}", transient: true, exception),
            _ => null,
        };
    }

    private static ObjectStoreException Map(AmazonServiceException e, string location, string key)
    {
        var text = $"{location}: {key}: {(int)e.StatusCode} {e.ErrorCode} {e.Message}".TrimEnd();
        return e.StatusCode switch
        {
            _ when TransientCodes.Contains(e.ErrorCode) => new ObjectStoreException(text, transient: true, e),
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new ObjectStoreException(
                $"{text}. The credentials may not do this (or the bucket's region is wrong); a missing s3:ListBucket makes missing objects look forbidden too", transient: false, e),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or 0 => new ObjectStoreException(text, transient: true, e),
            >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => new ObjectStoreException(text, transient: true, e),

            // An answer that makes no sense (a proxy's page, half a body) says nothing about the object.
            HttpStatusCode.OK or HttpStatusCode.PartialContent => new ObjectStoreException(text, transient: true, e),
            _ when e.InnerException is HttpRequestException or IOException or TimeoutException => new ObjectStoreException(text, transient: true, e),
            _ => new ObjectStoreException(text, transient: false, e),
        };
    }
}
