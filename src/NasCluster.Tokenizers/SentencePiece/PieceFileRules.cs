using NasCluster.Core;

namespace NasCluster.Tokenizers.SentencePiece;

/// <summary>What a SentencePiece file must be like.</summary>
internal static class PieceFileRules
{
    private const int Bpe = 2;
    private static readonly string[] ModelTypes = ["0", "unigram", "BPE", "word", "character"];

    /// <summary>Fails with what is wrong first.</summary>
    /// <exception cref="NasClusterException">A rule is broken.</exception>
    public static void Check(PieceFile model, string file)
    {
        if (model.Pieces.Count == 0)
        {
            throw new NasClusterException($"{file}: the tokenizer has no pieces; a SentencePiece model lists its vocabulary.");
        }

        var type = model.ModelType > 0 && model.ModelType < ModelTypes.Length ? ModelTypes[model.ModelType] : $"{model.ModelType}";
        Refuse(file, model.ModelType != Bpe, $"trainer_spec.model_type is {type}", "BPE");
        Refuse(file, model.TreatWhitespaceAsSuffix, "trainer_spec.treat_whitespace_as_suffix is true", "false");
        Refuse(file, !model.EscapeWhitespaces, "normalizer_spec.escape_whitespaces is false", "true");

        // For BPE the library would pass over them, and make other ids than the network was trained on.
        Refuse(file, model.CharacterRules > 0, $"precompiled_charsmap has {model.CharacterRules} bytes of rules", "empty (identity)");
        CheckId(model, file, "unk_id", model.UnknownId, PieceKind.Unknown, optional: false);
        CheckId(model, file, "bos_id", model.BeginningId, PieceKind.Control, optional: true);
        CheckId(model, file, "eos_id", model.EndId, PieceKind.Control, optional: true);
        CheckPieces(model, file);
    }

    private static void CheckId(PieceFile model, string file, string key, int id, PieceKind kind, bool optional)
    {
        if (optional && id < 0)
        {
            return;
        }

        if (id < 0 || id >= model.Pieces.Count)
        {
            throw new NasClusterException($"{file}: trainer_spec.{key} is {id}; it must be in [0, {model.Pieces.Count - 1}].");
        }

        if (model.Pieces[id].Kind != kind)
        {
            throw new NasClusterException(
                $"{file}: trainer_spec.{key} is {id}, but piece {FileText.Quote(model.Pieces[id].Text)} is {model.Pieces[id].Kind}; it must be {kind}.");
        }
    }

    private static void CheckPieces(PieceFile model, string file)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        var reserved = new HashSet<string>(StringComparer.Ordinal);
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var piece = model.Pieces[id];
            if (!(piece.IsMadeFromText ? made : reserved).Add(piece.Text))
            {
                throw new NasClusterException($"{file}: piece {id}, {FileText.Quote(piece.Text)}, is listed twice; each may be there once.");
            }

            if (piece.Kind == PieceKind.Unknown && id != model.UnknownId)
            {
                throw new NasClusterException($"{file}: pieces {model.UnknownId} and {id} both stand for the unknown; one must.");
            }
        }
    }

    private static void Refuse(string file, bool broken, string found, string supported)
    {
        if (broken)
        {
            throw new NasClusterException($"{file}: {found}; only {supported} is supported.");
        }
    }
}
