namespace NasCluster.Core.Storage.Contents;

/// <summary>Contents cannot be held while others are being deleted; trying again in a moment helps.</summary>
/// <param name="message">One line: what is being deleted.</param>
public sealed class ContentDeletionException(string message) : NasClusterException(message);
