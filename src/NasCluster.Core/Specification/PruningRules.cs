using System.Collections.Immutable;

namespace NasCluster.Core.Specification;

/// <summary>Whether stages, space and search of a pruning fit each other.</summary>
internal static class PruningRules
{
    internal static void Check(SearchSpec spec, ImmutableArray<SpecProblem>.Builder problems)
    {
        var pruning = spec.Pruning;
        var measures = pruning.Importance != ImportanceName.None;
        var masks = spec.Space.Kind == SpaceKind.Masks;
        var evolves = spec.Algorithm.Name == AlgorithmName.MaskEvolution;
        var gradient = pruning.PolicyGradient.Steps > 0;
        var repairs = pruning.Repair != RepairName.None;
        Require(masks == evolves, "algorithm.name",
            $"space.kind is {Words.Of(spec.Space.Kind)} and algorithm.name is {Words.Of(spec.Algorithm.Name)}; {Words.Of(SpaceKind.Masks)} and {Words.Of(AlgorithmName.MaskEvolution)} go together and with nothing else.");
        Require(!masks || measures, "pruning.importance", "pruning.importance is none; masks evolve from the most important channels, so it must be measured.");
        Require(!gradient || measures, "pruning.importance", "pruning.importance is none; the policy gradient begins with it, so it must be measured.");
        Require(!(masks || gradient || repairs) || pruning.Keep is not null, "pruning.keep",
            "pruning.keep is missing; masks, the policy gradient and repair need to know how much to keep.");
        Require(!(measures || repairs) || spec.Data.CalibrationShare > 0, "data.calibration_share",
            "data.calibration_share is 0; importance and repair need a part of the text that neither the search nor the report sees.");
        Require(!(measures || repairs) || !string.IsNullOrWhiteSpace(spec.Data.Text), "data.text", "data.text is missing; importance and repair need a text.");
        Require(pruning.Score == ScoredState.Cut || repairs, "pruning.score", "pruning.score is repaired and pruning.repair is none; say how to repair.");
        Require(pruning.PolicyGradient.LayerShare >= 1 || gradient, "pruning.policy_gradient.layer_share",
            "pruning.policy_gradient.layer_share is below 1, but pruning.policy_gradient.steps is 0; only its steps take layers away.");
        Require(pruning.PolicyGradient.LayerShare >= 1 || spec.Space.Depth.IsEmpty || !masks, "space.depth",
            "space.depth is given and pruning.policy_gradient.layer_share is below 1; layers can fall by one of the two only.");

        void Require(bool holds, string key, string problem)
        {
            if (!holds)
            {
                problems.Add(new(key, problem));
            }
        }
    }
}
