using System.Text.Json;
using NasCluster.Core.Architectures;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Local.Commands;

/// <summary>A score with every token: for scripts that compare engines.</summary>
internal static class ScoreJson
{
    /// <summary>Writes one JSON object. Each window has its token ids and, from <c>first_scored</c> on, a log-likelihood per token.</summary>
    public static void Write(Stream output, SuperNetworkInfo info, Architecture architecture, TextSet set, LogLikelihood[] likelihoods)
    {
        var score = set.Score(likelihoods);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("mean_log_likelihood", score.LogLikelihood.Value);
            json.WriteNumber("mean_log_likelihood_standard_error", score.LogLikelihood.StandardError);
            json.WriteNumber("perplexity", score.Perplexity.Value);
            json.WriteNumber("perplexity_standard_error", score.Perplexity.StandardError);
            json.WriteNumber("scored_tokens", score.ScoredCount);
            json.WriteStartObject("protocol");
            json.WriteNumber("window", set.Protocol.Window);
            json.WriteNumber("stride", set.Protocol.Stride);
            json.WriteString("first_token", set.Protocol.FirstToken == FirstTokenRule.Bos ? "bos" : "skip");
            json.WriteString("documents", Words.Of(set.Protocol.Documents));
            json.WriteString("tokenizer", set.TokenizerFingerprint);
            json.WriteEndObject();
            json.WriteStartObject("network");
            json.WriteString("fingerprint", info.Fingerprint);
            json.WriteString("precision", info.Precision);
            json.WriteString("numerics", info.NumericsVersion);
            json.WritePropertyName("architecture");
            ArchitectureJson.Write(json, architecture);
            json.WriteEndObject();
            WriteWindows(json, set, likelihoods);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteWindows(Utf8JsonWriter json, TextSet set, LogLikelihood[] likelihoods)
    {
        json.WriteStartArray("windows");
        for (var i = 0; i < likelihoods.Length; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("first_scored", set.Requests[i].FirstScored);
            json.WriteStartArray("token_ids");
            foreach (var id in set.Requests[i].TokenIds)
            {
                json.WriteNumberValue(id);
            }

            json.WriteEndArray();
            json.WriteStartArray("log_likelihoods");
            foreach (var likelihood in likelihoods[i].PerToken)
            {
                json.WriteNumberValue(likelihood);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
