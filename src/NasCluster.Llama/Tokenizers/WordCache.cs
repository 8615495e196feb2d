using System.Runtime.InteropServices;

namespace NasCluster.Llama.Tokenizers;

/// <summary>The ids of words already met.</summary>
/// <remarks>
/// Natural text repeats itself, and looking a word up is far quicker than joining it anew. Bounded, so that texts without repetition
/// do not pile up; a full one starts anew, since the words met last are those that come back.
/// </remarks>
internal sealed class WordCache
{
    private const int MostWords = 1 << 16;
    private const int LongestWord = 32;
    private readonly Dictionary<byte[], int[]> _words = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], int[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public WordCache() => _lookup = _words.GetAlternateLookup<ReadOnlySpan<byte>>();

    public bool TryAppend(ReadOnlySpan<byte> word, List<int> ids)
    {
        if (word.Length > LongestWord || !_lookup.TryGetValue(word, out var known))
        {
            return false;
        }

        ids.AddRange(known);
        return true;
    }

    /// <summary>Remembers that a word became the ids from <paramref name="first"/> on.</summary>
    public void Add(ReadOnlySpan<byte> word, List<int> ids, int first)
    {
        if (word.Length <= LongestWord)
        {
            if (_words.Count == MostWords)
            {
                _words.Clear();
            }

            _lookup[word] = CollectionsMarshal.AsSpan(ids)[first..].ToArray();
        }
    }
}
