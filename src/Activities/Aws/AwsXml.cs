using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace VirtEngine.DR.Activities.Aws;

/// <summary>Puts a call into the SDK's own request.</summary>
/// <param name="service">The service's name in the SDK.</param>
internal sealed class AwsXmlMarshaller(string service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    /// <inheritdoc/>
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var call = (AwsCall)input;
        var request = new DefaultRequest(call, service) { HttpMethod = call.Method, ResourcePath = call.Path, UseQueryString = call.Query.Count > 0 };
        foreach (var (name, value) in call.Query)
        {
            request.Parameters.Add(name, value);
        }

        if (call.Body is { } body)
        {
            request.Content = Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + body.ToString(SaveOptions.DisableFormatting));
            request.Headers["Content-Type"] = "application/xml";
        }

        return request;
    }
}

/// <summary>Reads an answer, and turns an error's XML into the SDK's exception, whose code its retry policy knows.</summary>
internal sealed class AwsXmlUnmarshaller : XmlResponseUnmarshaller
{
    /// <inheritdoc/>
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input) =>
        new AwsAnswer { Root = Read(input) ?? throw new AmazonUnmarshallingException("", null, new XmlException("the answer is no XML")) };

    /// <inheritdoc/>
    public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var root = Read(input);
        var error = Child(root, "Error");
        var code = Child(error, "Code")?.Value
            ?? (root is null or { Name.LocalName: "ErrorResponse" } ? "Http" + ((int)statusCode).ToString(CultureInfo.InvariantCulture) : root.Name.LocalName);
        var message = Child(error, "Message")?.Value;

        // A refused batch of changes has a root of its own, and a message for each change that is wrong.
        message ??= root is null ? null : string.Join("; ", root.Descendants().Where(e => e.Name.LocalName == "Message" && !e.HasElements).Select(e => e.Value));
        return new AmazonServiceException(
            string.IsNullOrEmpty(message) ? "no message came with it" : message, innerException, (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver, code,
            Child(root, "RequestId")?.Value ?? input.ResponseData.GetHeaderValue("x-amzn-RequestId"), statusCode);
    }

    private static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static XElement? Read(XmlUnmarshallerContext input)
    {
        try
        {
            using var reader = XmlReader.Create(input.Stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = false });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
