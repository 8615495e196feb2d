using System.Reflection;

namespace NasCluster.Cluster.Tests.Storage;

/// <summary>
/// The tests of a contract as cases of one theory: a theory can be skipped where a server is missing, inherited facts cannot.
/// </summary>
internal static class Contract
{
    /// <summary>Every test of a contract: its name and which row of its data, -1 when it takes none.</summary>
    public static TheoryData<string, int> CasesOf<TContract>()
    {
        var cases = new TheoryData<string, int>();
        foreach (var test in Tests(typeof(TContract)))
        {
            var rows = RowsOf(test).Count;
            for (var row = 0; row < Math.Max(1, rows); row++)
            {
                cases.Add(test.Name, rows == 0 ? -1 : row);
            }
        }

        return cases;
    }

    /// <summary>Runs one of them.</summary>
    public static async Task RunAsync<TContract>(TContract instance, string test, int row)
    {
        var method = Tests(typeof(TContract)).Single(m => m.Name == test);
        var result = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, row < 0 ? [] : RowsOf(method)[row], null);
        if (result is Task task)
        {
            await task;
        }
    }

    private static IEnumerable<MethodInfo> Tests(Type contract) =>
        contract.GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null).OrderBy(m => m.Name, StringComparer.Ordinal);

    private static List<object?[]> RowsOf(MethodInfo test) => [.. test.GetCustomAttributes<Xunit.Sdk.DataAttribute>().SelectMany(a => a.GetData(test))];
}
