using Microsoft.ML.Tokenizers;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>A vocabulary of byte strings, read from whatever file.</summary>
/// <param name="Tokens">The bytes of each id; null for a mark, which stands for nothing.</param>
/// <param name="Beginning">The id that starts a sequence, if there is one.</param>
/// <param name="End">The id that ends a sequence.</param>
/// <param name="Library">Splits text and joins bytes.</param>
internal sealed record ByteLevelModel(IReadOnlyList<byte[]?> Tokens, int? Beginning, int? End, Tokenizer Library);
