using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Contracts.Wire;

[GenerateSerializer, Immutable]
internal struct NumberSurrogate
{
    [Id(0)] public long Value;
}

[GenerateSerializer, Immutable]
internal struct TextSurrogate
{
    [Id(0)] public string Value;
}

[RegisterConverter]
internal sealed class TrialIdConverter : IConverter<TrialId, NumberSurrogate>
{
    public TrialId ConvertFromSurrogate(in NumberSurrogate surrogate) => new(surrogate.Value);

    public NumberSurrogate ConvertToSurrogate(in TrialId value) => new() { Value = value.Value };
}

[RegisterConverter]
internal sealed class LeaseIdConverter : IConverter<LeaseId, NumberSurrogate>
{
    public LeaseId ConvertFromSurrogate(in NumberSurrogate surrogate) => new(surrogate.Value);

    public NumberSurrogate ConvertToSurrogate(in LeaseId value) => new() { Value = value.Value };
}

[RegisterConverter]
internal sealed class EvaluatorIdConverter : IConverter<EvaluatorId, TextSurrogate>
{
    public EvaluatorId ConvertFromSurrogate(in TextSurrogate surrogate) => new(surrogate.Value);

    public TextSurrogate ConvertToSurrogate(in EvaluatorId value) => new() { Value = value.Value };
}

[RegisterConverter]
internal sealed class EvaluationKeyConverter : IConverter<EvaluationKey, TextSurrogate>
{
    public EvaluationKey ConvertFromSurrogate(in TextSurrogate surrogate) => new(surrogate.Value);

    public TextSurrogate ConvertToSurrogate(in EvaluationKey value) => new() { Value = value.Value };
}
