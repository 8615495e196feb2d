using NasCluster.Core.Control;

namespace NasCluster.Core.Tests.Control;

/// <summary>Effects as short lines, so that a test can state all of them exactly.</summary>
internal static class EffectText
{
    public static void AssertEffects(IEnumerable<ControllerEffect> actual, params string[] expected) =>
        Assert.Equal(expected, actual.Select(Line));

    public static string Line(ControllerEffect effect) => effect switch
    {
        SaveEffect save => $"save {save.Write}:" + string.Join(";", Parts(save)),
        DispatchEffect dispatch => $"dispatch {dispatch.Evaluator} {dispatch.Lease}: {string.Join(" ", dispatch.Trials.Select(t => t.Id))}",
        RevokeEffect revoke => $"revoke {revoke.Evaluator} {revoke.Lease}",
        PublishEffect publish => "publish " + string.Join(" ", publish.Outcomes.Select(o => $"#{o.Sequence}")),
        LookUpEffect lookUp => $"look up {lookUp.LookUp}: {string.Join(", ", lookUp.Keys)}",
        NoticeEffect => "notice",
        EvaluatorFreedEffect freed => $"freed {freed.Evaluator}",
        FinishEffect finish => $"finish {finish.Reason}",
        _ => throw new ArgumentException($"Unknown effect {effect}."),
    };

    private static IEnumerable<string> Parts(SaveEffect save)
    {
        if (!save.Starts.IsEmpty)
        {
            yield return " starts " + string.Join(" ", save.Starts.Select(s => $"{s.Lease}/{s.Trial}@{s.Evaluator}"));
        }

        if (!save.Outcomes.IsEmpty)
        {
            yield return " outcomes " + string.Join(", ", save.Outcomes.Select(o => $"#{o.Sequence} {o.Trial.Id} {o.Source} {o.Outcome}"));
        }

        if (save.Snapshot is { } snapshot)
        {
            yield return $" snapshot {snapshot.Position}";
        }
    }
}
