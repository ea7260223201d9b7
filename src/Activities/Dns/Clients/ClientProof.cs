using System.Diagnostics;
using VirtEngine.DR.Activities.Common;

namespace VirtEngine.DR.Activities.Dns.Clients;

/// <summary>
/// Proves from the outside that clients arrive at a healthy target: that Route 53 is in sync says nothing about resolvers that keep an answer, and clients that keep a
/// connection. For each resolver one client keeps its connection and one makes a new one for each request.
/// </summary>
public static class ClientProof
{
    /// <summary>Tries until the mark is reached often enough, or the time is over: then it says so, and is no failure.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">InvalidInput: the query cannot be meant; all that is wrong is said.</exception>
    public static async Task<ClientReport> RunAsync(ClientQuery query, CancellationToken cancellationToken)
    {
        if (query.Problems().ToList() is { Count: > 0 } problems)
        {
            throw Failures.Invalid(problems);
        }

        ProbeClient[] clients = [.. query.Resolvers.SelectMany(resolver => new[] { new ProbeClient(query, resolver, true), new ProbeClient(query, resolver, false) })];
        try
        {
            return await RunAsync(query, clients, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var client in clients)
            {
                client.Dispose();
            }
        }
    }

    private static async Task<ClientReport> RunAsync(ClientQuery query, ProbeClient[] clients, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        TimeSpan? since = null;
        var rounds = 0;
        while (true)
        {
            var begun = clock.Elapsed;
            var arrived = await Task.WhenAll(clients.Select(client => client.AskAsync(cancellationToken))).ConfigureAwait(false);
            var share = arrived.Count(one => one) / (double)arrived.Length;
            (since, rounds) = share >= query.Mark ? (since ?? begun, rounds + 1) : ((TimeSpan?)null, 0);
            if (rounds >= query.Rounds || clock.Elapsed >= query.Within)
            {
                ClientLine[] lines = [.. clients.Select(client => client.Line)];
                return new(rounds >= query.Rounds, share, rounds >= query.Rounds ? since : null, lines.Sum(line => line.Requests), lines.Sum(line => line.Failed), lines);
            }

            await Task.Delay(query.Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
