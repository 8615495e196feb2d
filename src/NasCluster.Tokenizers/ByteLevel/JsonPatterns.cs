using System.Text.RegularExpressions;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>The <c>pre_tokenizer</c> of a <c>tokenizer.json</c> as patterns.</summary>
internal static class JsonPatterns
{
    /// <summary>The patterns to cut by, in order.</summary>
    /// <exception cref="Core.NasClusterException">A step is not supported, or the last is not ByteLevel.</exception>
    public static List<Regex> Read(JsonField preTokenizer)
    {
        var steps = preTokenizer.Get("type").TextOrEmpty() == "Sequence" ? [.. preTokenizer.Get("pretokenizers").Items()] : new List<JsonField> { preTokenizer };
        var patterns = steps.SkipLast(1).Select(Pattern).ToList();
        if (steps.Count == 0 || steps[^1] is var last && last.Get("type").TextOrEmpty() != "ByteLevel")
        {
            throw preTokenizer.Fail(preTokenizer.IsThere ? "does not end with ByteLevel" : "is missing", "only byte-level BPE is supported");
        }

        steps[^1].Get("add_prefix_space").MustNotBeSet();
        if (steps[^1].Get("use_regex").Flag(otherwise: true))
        {
            patterns.Add(ChunkPatterns.Gpt2);
        }

        return patterns;
    }

    private static Regex Pattern(JsonField step)
    {
        switch (step.Get("type").TextOrEmpty())
        {
            case "Digits":
                return step.Get("individual_digits").Flag() ? ChunkPatterns.Digit : ChunkPatterns.Digits;
            case "Split":
                step.Get("invert").MustNotBeSet();
                var behavior = step.Get("behavior");
                if (behavior.TextOrEmpty() != "Isolated")
                {
                    throw behavior.Fail($"is {behavior.Shown()}", "only Isolated is supported");
                }

                var pattern = step.Get("pattern").Get("Regex");
                return pattern.TextOrEmpty() == ChunkPatterns.Llama3Text
                    ? ChunkPatterns.Llama3
                    : throw pattern.Fail($"is {pattern.Shown()}", "only LLaMA-3's pattern is supported");
            default:
                throw step.Get("type").Fail($"is {step.Get("type").Shown()}", "only Split, Digits and, as the last step, ByteLevel are supported");
        }
    }
}
