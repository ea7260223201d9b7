namespace VirtEngine.DR.Activities.Aws;

/// <summary>An AWS service that has no client library here.</summary>
/// <param name="Id">Its service id, such as <c>Route 53</c>; <c>AWS_ENDPOINT_URL_ROUTE_53</c> follows from it.</param>
/// <param name="SigningName">Its name in signatures.</param>
/// <param name="SigningRegion">The region in signatures.</param>
/// <param name="Version">The version of its API.</param>
/// <param name="Endpoint">Where it is when nobody says otherwise.</param>
internal sealed record AwsService(string Id, string SigningName, string SigningRegion, string Version, Uri Endpoint);
