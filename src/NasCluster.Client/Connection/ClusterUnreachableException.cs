using NasCluster.Core;

namespace NasCluster.Client.Connection;

/// <summary>The cluster does not answer.</summary>
internal sealed class ClusterUnreachableException(string message, Exception innerException) : NasClusterException(message, innerException);
