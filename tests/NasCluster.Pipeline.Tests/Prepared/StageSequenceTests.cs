using NasCluster.Core.Specification;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Pipeline.Tests.Prepared;

public sealed class StageSequenceTests
{
    [Theory]
    [InlineData(ImportanceName.None, 0)]
    [InlineData(ImportanceName.Taylor, 0, SearchStage.Importance)]
    [InlineData(ImportanceName.Wanda, 9, SearchStage.Importance, SearchStage.PolicyGradient)]
    public void Before_WhatIsAskedFor_IsInTheOrderOfDependence(ImportanceName importance, int steps, params SearchStage[] stages) =>
        Assert.Equal(stages, StageSequence.Before(new SearchSpec { Pruning = new PruningSpec { Importance = importance, PolicyGradient = new PolicyGradientSpec { Steps = steps } } }).AsEnumerable());

    [Theory]
    [InlineData(null, false)]
    [InlineData(0.8, true)]
    public void Prunes_OneSizeInMind_IsAskedFor(double? keep, bool prunes) =>
        Assert.Equal(prunes, StageSequence.Prunes(new SearchSpec { Pruning = new PruningSpec { Keep = keep } }));
}
