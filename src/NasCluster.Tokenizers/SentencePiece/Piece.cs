namespace NasCluster.Tokenizers.SentencePiece;

/// <summary>What a piece is for; the numbers are those of the file format.</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>One entry of the vocabulary.</summary>
/// <param name="Text">At least one character; spaces are U+2581.</param>
/// <param name="Score">Joins into higher-scored pieces come first. Finite.</param>
/// <param name="Kind">What it is for.</param>
internal readonly record struct Piece(string Text, float Score, PieceKind Kind)
{
    /// <summary>Whether text becomes it: by joining or by being looked for.</summary>
    public bool IsMadeFromText => Kind is PieceKind.Normal or PieceKind.UserDefined or PieceKind.Unused;
}
