namespace NasCluster.Core.Control;

/// <summary>The store belongs to another by now: nothing is wrong with the run, but this owner has no say in it any more.</summary>
/// <param name="message">One line: which store, and who has it.</param>
public sealed class RunTakenOverException(string message) : RunStoreException(message, isPermanent: true);
