using System.Reflection;
using Temporalio.Activities;

namespace VirtEngine.DR.Activities.Tests.Nodes;

public sealed class ContractNamesTests
{
    [Fact]
    public void Activities_Always_HaveTheNamesOfTheirContract()
    {
        var contracts = typeof(Contracts.Names).Assembly.GetTypes()
            .Where(type => type.IsInterface && type.GetMethods().Any(method => method.GetCustomAttribute<ActivityAttribute>() is not null)).ToArray();
        Assert.NotEmpty(contracts);
        foreach (var type in typeof(Activities.Nodes.NodeActivities).Assembly.GetTypes().Where(type => type.IsClass))
        {
            foreach (var contract in contracts.Where(contract => contract.IsAssignableFrom(type)))
            {
                var map = type.GetInterfaceMap(contract);
                for (var i = 0; i < map.InterfaceMethods.Length; i++)
                {
                    Assert.Equal(
                        map.InterfaceMethods[i].GetCustomAttribute<ActivityAttribute>()!.Name,
                        map.TargetMethods[i].GetCustomAttribute<ActivityAttribute>()?.Name);
                }
            }
        }
    }
}
