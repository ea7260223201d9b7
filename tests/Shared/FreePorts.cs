using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VirtEngine.DR.Tests.Shared;

/// <summary>
/// Ports on loopback that nobody listens on right now. They lie below the range from which the kernel lends ports to clients and to listeners that ask for any, and none is given out twice
/// by one process: a server needs a while until it has its port, and whoever got it meanwhile would answer in its place.
/// </summary>
public static class FreePorts
{
    private static readonly (int From, int To) Ones = (3000, 10000);
    private static readonly (int From, int To) Blocks = (12000, 32000);
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>One free port.</summary>
    public static int One() => First(1, Ones);

    /// <summary>Several free ports, all different.</summary>
    public static int[] Several(int count) => [.. Enumerable.Range(0, count).Select(_ => One())];

    /// <summary>The first port of a block in which all are free.</summary>
    public static int Block(int size) => First(size, Blocks);

    private static int First(int size, (int From, int To) range)
    {
        for (int attempt = 0; attempt < 2000; attempt++)
        {
            int first = Random.Shared.Next(range.From, range.To - size);
            int[] block = [.. Enumerable.Range(first, size)];
            if (block.All(port => !Given.ContainsKey(port) && IsFree(port)) && block.All(port => Given.TryAdd(port, true)))
            {
                return first;
            }
        }

        throw new InvalidOperationException($"no block of {size} free ports was found");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
