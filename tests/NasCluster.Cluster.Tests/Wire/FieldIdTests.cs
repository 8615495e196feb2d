using System.Reflection;
using NasCluster.Contracts.Searches;

namespace NasCluster.Cluster.Tests.Wire;

/// <summary>The numbers under which fields cross the wire. Silos of two versions share a cluster during a roll-out, so a number keeps its meaning for ever.</summary>
public sealed class FieldIdTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Wire", "field-ids.txt");

    /// <summary>A line that changed or went is a break with older silos: give the field a new number instead. New lines are added at will.</summary>
    [Fact]
    public void Fields_OfEveryWireType_KeepTheirNumbers() =>
        Assert.Equal(System.IO.File.ReadAllLines(File), Lines());

    [Fact]
    public void Fields_OfOneType_HaveNumbersOfTheirOwn() =>
        Assert.All(Lines().GroupBy(line => line[..line.IndexOf(':', StringComparison.Ordinal)]), g => Assert.Single(g));

    private static string[] Lines() =>
    [
        .. from type in typeof(SearchDefinition).Assembly.GetTypes()
           where type.IsDefined(typeof(GenerateSerializerAttribute), false)
           from member in type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
           let id = member.GetCustomAttribute<IdAttribute>()
           where id is not null
           orderby type.Name, id.Id
           select $"{type.Name} {id.Id}: {member.Name} {TypeOf(member)}",
    ];

    private static string TypeOf(MemberInfo member) => Name(member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType);

    private static string Name(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GenericTypeArguments.Select(Name))}>" : type.Name;
}
