using System.Runtime.Versioning;

// The program runs on Linux only, and so do its tests.
[assembly: SupportedOSPlatform("linux")]
