namespace NasCluster.Core.Control.Hosting;

/// <summary>Carries out what a <see cref="SearchController"/> wants done; called by a <see cref="SearchPump"/>, one call at a time, in order.</summary>
/// <remarks>
/// A method starts the work and returns; what comes of it is posted to the pump as an event. An exception ends the pump: failures that a
/// host can live with are events.
/// </remarks>
public interface ISearchHost
{
    /// <summary>Carries out a <see cref="SaveEffect"/>.</summary>
    void Save(SaveEffect save);

    /// <summary>Carries out a <see cref="DispatchEffect"/>.</summary>
    void Dispatch(DispatchEffect dispatch);

    /// <summary>Carries out a <see cref="RevokeEffect"/>.</summary>
    void Revoke(RevokeEffect revoke);

    /// <summary>Carries out a <see cref="LookUpEffect"/>; never called unless the controller uses a cache.</summary>
    void LookUp(LookUpEffect lookUp);

    /// <summary>Carries out a <see cref="PublishEffect"/>.</summary>
    void Publish(PublishEffect publish);

    /// <summary>Carries out a <see cref="NoticeEffect"/>.</summary>
    void Notice(NoticeEffect notice);

    /// <summary>Carries out an <see cref="EvaluatorFreedEffect"/>.</summary>
    void EvaluatorFreed(EvaluatorFreedEffect freed);

    /// <summary>Carries out a <see cref="FinishEffect"/>, the last of all.</summary>
    void Finish(FinishEffect finish);
}
