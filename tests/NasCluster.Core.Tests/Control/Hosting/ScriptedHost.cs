using System.Collections.Concurrent;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Hosting;

namespace NasCluster.Core.Tests.Control.Hosting;

/// <summary>Notes every effect, and does with it what a test says.</summary>
internal sealed class ScriptedHost(Action<ControllerEffect> act) : ISearchHost
{
    /// <summary>The effects in order, as lines.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public void Save(SaveEffect save) => Take(save);

    public void Dispatch(DispatchEffect dispatch) => Take(dispatch);

    public void Revoke(RevokeEffect revoke) => Take(revoke);

    public void LookUp(LookUpEffect lookUp) => Take(lookUp);

    public void Publish(PublishEffect publish) => Take(publish);

    public void Notice(NoticeEffect notice) => Take(notice);

    public void EvaluatorFreed(EvaluatorFreedEffect freed) => Take(freed);

    public void Finish(FinishEffect finish) => Take(finish);

    private void Take(ControllerEffect effect)
    {
        Lines.Enqueue(EffectText.Line(effect));
        act(effect);
    }
}
