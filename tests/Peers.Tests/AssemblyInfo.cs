using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Each test starts a whole network with its servers: one after the other, so that none starves another on two cores.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
