namespace NasCluster.Tokenizers;

/// <summary>How a tokenizer's file is written.</summary>
internal enum FileFormat
{
    /// <summary>None of these.</summary>
    Unknown,

    /// <summary>A protobuf message of pieces and scores.</summary>
    SentencePiece,

    /// <summary>Lines of a token in base64 and its rank.</summary>
    Tiktoken,

    /// <summary>Hugging Face's <c>tokenizer.json</c>.</summary>
    Json,
}
