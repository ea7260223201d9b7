namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Retry policies: their defaults, and when the next attempt is, if there is one.</summary>
internal static class Retries
{
    private const int LongestFactor = 100;

    /// <summary>Fills in what the caller left open.</summary>
    public static void Normalize(RetryPolicy policy)
    {
        if (policy.InitialInterval.Span() == TimeSpan.Zero)
        {
            policy.InitialInterval = TimeSpan.FromSeconds(1).Wire();
        }

        if (policy.BackoffCoefficient == 0)
        {
            policy.BackoffCoefficient = 2;
        }

        if (policy.MaximumInterval.Span() == TimeSpan.Zero)
        {
            policy.MaximumInterval = (policy.InitialInterval.Span() * LongestFactor).Wire();
        }
    }

    /// <summary>The wait before the next attempt; null with the reason when there is none.</summary>
    public static TimeSpan? Next(RetryPolicy policy, int attempt, DateTime now, DateTime? expires, Failure failure, out RetryState state)
    {
        if (!Retryable(failure, policy))
        {
            state = RetryState.NonRetryableFailure;
            return null;
        }

        if (policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts)
        {
            state = RetryState.MaximumAttemptsReached;
            return null;
        }

        TimeSpan wait;
        if (failure.ApplicationFailureInfo?.NextRetryDelay is { } own)
        {
            wait = own.ToTimeSpan();
        }
        else
        {
            double seconds = policy.InitialInterval.Span().TotalSeconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
            var longest = policy.MaximumInterval.Span();
            wait = longest > TimeSpan.Zero && seconds >= longest.TotalSeconds ? longest
                : seconds > TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.MaxValue / 2 : TimeSpan.FromSeconds(seconds);
        }

        if (expires is { } end && (wait > DateTime.MaxValue - now || now + wait > end))
        {
            state = RetryState.Timeout;
            return null;
        }

        state = RetryState.InProgress;
        return wait;
    }

    /// <summary>Whether another attempt may do better.</summary>
    public static bool Retryable(Failure failure, RetryPolicy policy)
    {
        switch (failure.FailureInfoCase)
        {
            case Failure.FailureInfoOneofCase.TerminatedFailureInfo:
            case Failure.FailureInfoOneofCase.CanceledFailureInfo:
                return false;
            case Failure.FailureInfoOneofCase.TimeoutFailureInfo:
                return failure.TimeoutFailureInfo.TimeoutType is TimeoutType.StartToClose or TimeoutType.Heartbeat
                    && !policy.NonRetryableErrorTypes.Contains("TemporalTimeout:" + failure.TimeoutFailureInfo.TimeoutType);
            case Failure.FailureInfoOneofCase.ServerFailureInfo:
                return !failure.ServerFailureInfo.NonRetryable;
            case Failure.FailureInfoOneofCase.ApplicationFailureInfo:
                return !failure.ApplicationFailureInfo.NonRetryable && !policy.NonRetryableErrorTypes.Contains(failure.ApplicationFailureInfo.Type);
            default:
                return true;
        }
    }
}
