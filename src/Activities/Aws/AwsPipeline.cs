using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace VirtEngine.DR.Activities.Aws;

/// <summary>
/// A client on the pipeline of AWSSDK.Core: credentials, signature, retries, endpoint and deadlines are the SDK's own. Together with <see cref="AwsXmlMarshaller"/>
/// the only place that uses the SDK's internal namespace, which a new version may change: AWSSDK.Core is pinned to one version.
/// </summary>
internal sealed class AwsPipeline : AmazonServiceClient
{
    private readonly InvokeOptions options;

    /// <summary>A client of a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="endpoint">A custom endpoint; null: by the environment, else the service's own.</param>
    /// <param name="credentials">Credentials; null: the SDK's default chain.</param>
    public static AwsPipeline Open(AwsService service, string? endpoint, AWSCredentials? credentials)
    {
        var settings = new Settings(service);
        var variable = "AWS_ENDPOINT_URL_" + service.Id.Replace(' ', '_').ToUpperInvariant();
        if ((endpoint ?? Environment.GetEnvironmentVariable(variable) ?? Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL")) is { Length: > 0 } url)
        {
            settings.ServiceURL = url;
        }

        return credentials is null ? new AwsPipeline(service, settings) : new AwsPipeline(service, settings, credentials);
    }

    private AwsPipeline(AwsService service, Settings settings)
        : base(settings) => options = Options(service);

    private AwsPipeline(AwsService service, Settings settings, AWSCredentials credentials)
        : base(credentials, settings) => options = Options(service);

    /// <summary>Makes a call.</summary>
    /// <exception cref="AmazonServiceException">The service refused it, after the SDK's retries.</exception>
    public Task<AwsAnswer> CallAsync(AwsCall call, CancellationToken cancellationToken) => InvokeAsync<AwsAnswer>(call, options, cancellationToken);

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new Resolver());
        pipeline.AddHandlerAfter<Marshaller>(new Auth());
    }

    private static InvokeOptions Options(AwsService service) => new() { RequestMarshaller = new AwsXmlMarshaller(service.Id), ResponseUnmarshaller = new AwsXmlUnmarshaller() };

    private sealed class Resolver : BaseEndpointResolver
    {
        protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) => new();
    }

    private sealed class Auth : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
    }

    private sealed class Settings : ClientConfig, IEndpointProvider
    {
        private readonly AwsService service;

        public Settings(AwsService service)
            : base(new DefaultConfigurationProvider(
                new[] { DefaultConfigurationMode.Standard, DefaultConfigurationMode.InRegion, DefaultConfigurationMode.CrossRegion, DefaultConfigurationMode.Mobile }
                    .Select(mode => new DefaultConfiguration { Name = mode, RetryMode = RequestRetryMode.Standard })))
        {
            this.service = service;
            ServiceId = service.Id;
            AuthenticationServiceName = service.SigningName;
            AuthenticationRegion = service.SigningRegion;
            EndpointProvider = this;
            RetryMode = RequestRetryMode.Standard;
            MaxErrorRetry = 3;
            Timeout = TimeSpan.FromSeconds(20);
            ConnectTimeout = TimeSpan.FromSeconds(5);
        }

        public override string ServiceVersion => service.Version;

        public override string UserAgent => "virtengine-dr";

        public override string RegionEndpointServiceName => service.SigningName;

        public override Amazon.Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => ResolveEndpoint(new());

        public Amazon.Runtime.Endpoints.Endpoint ResolveEndpoint(EndpointParameters parameters) => new(ServiceURL is { Length: > 0 } url ? url : service.Endpoint.AbsoluteUri);

        /// <summary>The service is one for the whole world: no region is asked for.</summary>
        public override void Validate()
        {
        }
    }
}
