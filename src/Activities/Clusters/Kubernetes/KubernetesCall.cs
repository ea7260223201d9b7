using System.Net;
using System.Text.Json;
using k8s.Autorest;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>Turns what an API server answers, or that it does not, into typed failures.</summary>
internal static class KubernetesCall
{
    /// <summary>Kubelets and controllers write to the same objects all the time: how often a lost race is looked at anew.</summary>
    private const int Races = 8;

    /// <summary>Makes a call; null where the object is not there.</summary>
    public static async Task<T?> FindAsync<T>(string region, string what, Func<Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await MakeAsync(region, what, call, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplicationFailureException e) when (e.ErrorType == ErrorTypes.NotFound)
        {
            return null;
        }
    }

    /// <summary>Makes a call.</summary>
    public static async Task<T> MakeAsync<T>(string region, string what, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (HttpOperationException e)
        {
            throw Failure(region, what, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Failures.Transient($"the API server of {region} does not answer ({what}): {(e is OperationCanceledException ? "no answer in time" : e.InnerException?.Message ?? e.Message)}", e);
        }
    }

    /// <summary>Makes a change that reads first; where somebody else wrote in between, it looks again and decides anew.</summary>
    public static async Task<T> RaceAsync<T>(string region, string what, Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var left = Races; ; left--)
        {
            try
            {
                return await MakeAsync(region, what, attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (ApplicationFailureException e) when (left > 1 && !e.NonRetryable && e.InnerException is HttpOperationException { Response.StatusCode: HttpStatusCode.Conflict })
            {
                // A lost race.
            }
        }
    }

    /// <summary>What the API server says in its answer's body, for people.</summary>
    public static string Message(HttpOperationException failure)
    {
        try
        {
            using var body = JsonDocument.Parse(failure.Response.Content ?? "");
            return body.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? "" : failure.Response.Content ?? "";
        }
        catch (JsonException)
        {
            return failure.Response.Content is { Length: > 0 } text ? text[..Math.Min(text.Length, 300)] : failure.Message;
        }
    }

    private static ApplicationFailureException Failure(string region, string what, HttpOperationException failure)
    {
        var text = $"the API server of {region} ({what}): {Message(failure)}";
        return failure.Response.StatusCode switch
        {
            HttpStatusCode.NotFound => Failures.Permanent(ErrorTypes.NotFound, text, failure),
            HttpStatusCode.Unauthorized => Failures.Permanent(ErrorTypes.NotConfigured, text + ". The credentials of the kubeconfig's user are not accepted", failure),
            HttpStatusCode.Forbidden => Failures.Permanent(ErrorTypes.NotConfigured, text + ". Give this identity the role of deploy/kubernetes/region/role.yaml", failure),
            HttpStatusCode.Conflict => Failures.Transient(text, failure),
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest => Failures.Permanent(ErrorTypes.Conflict, text, failure),
            _ => Failures.Transient(text, failure),
        };
    }
}
