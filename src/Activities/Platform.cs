using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

// Nodes are watched through /proc, signalled through descriptors and locked with flock: Linux only.
[assembly: SupportedOSPlatform("linux")]
[assembly: InternalsVisibleTo("VirtEngine.DR.Activities.Tests")]
[assembly: InternalsVisibleTo("VirtEngine.DR.Signing.Tests")]
