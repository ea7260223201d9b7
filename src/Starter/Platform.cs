using System.Runtime.Versioning;

// Nodes are watched through /proc and frozen by signals: the program runs on Linux only.
[assembly: SupportedOSPlatform("linux")]
