namespace NasCluster.Llama.Cpu;

/// <summary>Counts who computes with memory outside the garbage-collected heap: it is freed once its owner has retired and the last user has left.</summary>
/// <param name="owner">Named in exceptions.</param>
/// <param name="free">Frees the memory; called once.</param>
internal sealed class UserCount(object owner, Action free)
{
    private int _users = 1;
    private int _retired;

    /// <summary>Counts as a user until the result is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The owner has retired.</exception>
    public User Enter()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _retired) != 0, owner);
        for (var users = Volatile.Read(ref _users); ;)
        {
            ObjectDisposedException.ThrowIf(users == 0, owner);
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return new User(this);
            }

            users = seen;
        }
    }

    /// <summary>The owner is done; a second time does nothing.</summary>
    public void Retire()
    {
        if (Interlocked.Exchange(ref _retired, 1) == 0)
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            free();
        }
    }

    /// <summary>One use; to be disposed of once.</summary>
    public readonly struct User(UserCount count) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => count.Leave();
    }
}
