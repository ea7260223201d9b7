using Amazon.Runtime;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Dns.Route53;

/// <summary>Turns what Route 53 answers, or that it does not, into typed failures.</summary>
internal static class Route53Call
{
    /// <summary>Makes a call; the SDK has tried again already where that helps.</summary>
    public static async Task<T> MakeAsync<T>(Func<Task<T>> call, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (AmazonServiceException e)
        {
            throw Failure(what, e);
        }
        catch (AmazonClientException e) when (e.Message.Contains("credential", StringComparison.OrdinalIgnoreCase))
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, $"Route 53: no AWS credentials: {e.Message}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or 'dns.profile' in the estate", e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or IOException or TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Failures.Transient($"Route 53 does not answer ({what}): {(e is OperationCanceledException ? "no answer in time" : e.InnerException?.Message ?? e.Message)}", e);
        }
    }

    private static ApplicationFailureException Failure(string what, AmazonServiceException e)
    {
        var text = $"Route 53 ({what}): {(int)e.StatusCode} {e.ErrorCode}: {e.Message}";
        return e.ErrorCode switch
        {
            "NoSuchHostedZone" or "NoSuchHealthCheck" or "NoSuchChange" => Failures.Permanent(ErrorTypes.NotFound, text, e),
            "InvalidChangeBatch" or "HealthCheckVersionMismatch" or "HealthCheckAlreadyExists" or "ConflictingTypes" => Failures.Permanent(ErrorTypes.Conflict, text, e),
            "AccessDenied" or "AccessDeniedException" or "InvalidClientTokenId" or "SignatureDoesNotMatch" or "UnrecognizedClientException" or "ExpiredToken" or "MissingAuthenticationToken" =>
                Failures.Permanent(ErrorTypes.NotConfigured, text + ". Give these credentials the permissions of docs/dns.md, or choose others by 'dns.profile'", e),
            "Throttling" or "ThrottlingException" or "PriorRequestNotComplete" => Failures.Transient(text, e),
            _ when (int)e.StatusCode is >= 400 and < 500 and not 408 and not 429 => Failures.Permanent(ErrorTypes.InvalidInput, text, e),
            _ => Failures.Transient(text, e),
        };
    }
}
