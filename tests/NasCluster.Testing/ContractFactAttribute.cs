using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NasCluster.Testing;

/// <summary>A test of a contract, left out with a reason where the class that derives it says what it needs is missing: see <see cref="NeedsAttribute"/>.</summary>
[XunitTestCaseDiscoverer("NasCluster.Testing.ContractFactDiscoverer", "NasCluster.Testing")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>Says what a test class needs of the machine.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute
{
    /// <summary>What is missing, as a sentence; null where nothing is.</summary>
    public abstract string? Missing { get; }
}

/// <summary>Finds the tests of <see cref="ContractFactAttribute"/>.</summary>
public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var (display, options) = (discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault());
        var needs = Attribute.GetCustomAttribute(testMethod.TestClass.Class.ToRuntimeType(), typeof(NeedsAttribute)) as NeedsAttribute;
        return [needs?.Missing is { } missing
            ? new XunitSkippedDataRowTestCase(diagnostics, display, options, testMethod, missing)
            : new XunitTestCase(diagnostics, display, options, testMethod)];
    }
}
