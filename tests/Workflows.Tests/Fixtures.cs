using VirtEngine.DR.Tests.Kit;
using Xunit;

[assembly: AssemblyFixture(typeof(DevServer))]
