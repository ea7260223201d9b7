using System.Xml.Linq;
using Amazon.Runtime;

namespace VirtEngine.DR.Activities.Aws;

/// <summary>One call of a service whose API is REST with XML.</summary>
internal sealed class AwsCall : AmazonWebServiceRequest
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path behind the endpoint, with the API's version.</summary>
    public required string Path { get; init; }

    /// <summary>The query's parameters, not encoded.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>The body, where the method has one.</summary>
    public XElement? Body { get; init; }
}

/// <summary>What a service answered.</summary>
internal sealed class AwsAnswer : AmazonWebServiceResponse
{
    /// <summary>The answer's root element.</summary>
    public XElement Root { get; init; } = new("Nothing");
}
