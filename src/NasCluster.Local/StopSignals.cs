using System.Runtime.InteropServices;

namespace NasCluster.Local;

/// <summary>Ctrl-C and SIGTERM: the first asks for a clean stop, the second ends the process at once.</summary>
/// <remarks>Ending at once is safe too: whatever was recorded is durable, which is what the run directory is built for.</remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stopping.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_stopping.IsCancellationRequested)
        {
            return; // Not cancelled: the system's default action ends the process.
        }

        context.Cancel = true;
        _stopping.Cancel();
    }
}
