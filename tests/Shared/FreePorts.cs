using System.Net;
using System.Net.Sockets;

namespace VirtEngine.DR.Tests.Shared;

/// <summary>Ports on loopback that nobody listens on right now.</summary>
public static class FreePorts
{
    /// <summary>One free port.</summary>
    public static int One() => Several(1)[0];

    /// <summary>Several free ports, all different.</summary>
    public static int[] Several(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Start();
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Dispose();
            }
        }
    }

    /// <summary>The first port of a block in which all are free, below the range from which the kernel lends ports to clients.</summary>
    public static int Block(int size)
    {
        for (int attempt = 0; attempt < 200; attempt++)
        {
            int first = Random.Shared.Next(12000, 32000 - size);
            if (Enumerable.Range(first, size).All(IsFree))
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
