using NasCluster.Core.Control;

namespace NasCluster.Embedded.Hosting;

/// <summary>An event for the controller, and what to tell the observer of it.</summary>
internal readonly record struct HostEvent(ControllerEvent Event, string? Notice);
