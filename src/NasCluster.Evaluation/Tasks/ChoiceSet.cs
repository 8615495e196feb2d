using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Statistics;

namespace NasCluster.Evaluation.Tasks;

/// <summary>A multiple-choice task ready to be scored: one request per choice, and the identity of what is scored.</summary>
/// <remarks>Zero-shot: the context is <c>Question: {stem}</c>, a new line and <c>Answer:</c>; a choice goes on with a space and its text.</remarks>
public sealed class ChoiceSet
{
    private ChoiceSet(string name, ImmutableArray<ChoiceMarking> questions, ImmutableArray<ScoringRequest> requests, int truncated)
    {
        Name = name;
        TruncatedCount = truncated;
        Requests = requests;
        Questions = questions;
        Fingerprint = RequestFingerprint.Of("multiple choice", requests, hash =>
        {
            foreach (var question in questions)
            {
                hash.Add((long)question.Answer).Add(question.ByteCounts.AsSpan());
            }
        });
    }

    /// <summary>The task's name, such as <c>arc_easy</c>.</summary>
    public string Name { get; }

    /// <summary>How many questions.</summary>
    public int QuestionCount => Questions.Length;

    /// <summary>How many questions lost their beginning because one of their choices would not fit the window otherwise.</summary>
    public int TruncatedCount { get; }

    /// <summary>The choices of all questions, in order.</summary>
    public ImmutableArray<ScoringRequest> Requests { get; }

    /// <summary>SHA-256 over token ids, scored spans, right answers and choice lengths, in lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    internal ImmutableArray<ChoiceMarking> Questions { get; }

    /// <summary>Encodes questions.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="questions">At least one.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="window">Longest sequence in tokens; longer questions lose their beginning.</param>
    /// <param name="useBeginningMark">Whether the tokenizer's beginning mark is put first.</param>
    /// <exception cref="NasClusterException">A choice does not fit the window, or the tokenizer has no beginning mark.</exception>
    public static ChoiceSet Create(string name, ImmutableArray<ChoiceQuestion> questions, ITokenizer tokenizer, int window, bool useBeginningMark)
    {
        ArgumentOutOfRangeException.ThrowIfZero(questions.Length, nameof(questions));
        if (useBeginningMark && tokenizer.BeginningOfSequence is null)
        {
            throw new NasClusterException("data.first_token is bos, but the tokenizer has no beginning mark; set it to skip.");
        }

        var encoder = new ChoiceEncoder(tokenizer, window, useBeginningMark ? tokenizer.BeginningOfSequence : null);
        var requests = ImmutableArray.CreateBuilder<ScoringRequest>();
        var truncated = 0;
        foreach (var question in questions)
        {
            var isTruncated = false;
            for (var i = 0; i < question.Choices.Length; i++)
            {
                var encoded = encoder.Encode(
                    $"Question: {question.Stem}\nAnswer:", " " + question.Choices[i], $"{name}, line {question.Line}: choice {i + 1}");
                requests.Add(encoded.Request);
                isTruncated |= encoded.IsTruncated;
            }

            truncated += isTruncated ? 1 : 0;
        }

        return new ChoiceSet(name, [.. questions.Select(ChoiceMarking.Of)], requests.ToImmutable(), truncated);
    }

    /// <summary>A set as it was made before, for those who read what was written of one.</summary>
    internal static ChoiceSet Restore(string name, ImmutableArray<ChoiceMarking> questions, ImmutableArray<ScoringRequest> requests, int truncated) =>
        new(name, questions, requests, truncated);

    /// <summary>What a sub-network's likelihoods of this set amount to.</summary>
    /// <param name="likelihoods">One per request, in order.</param>
    /// <exception cref="NasClusterException">A likelihood is not a finite number.</exception>
    public ChoiceScore Score(ReadOnlySpan<LogLikelihood> likelihoods)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(likelihoods.Length, Requests.Length);
        var right = 0;
        var rightNormalised = 0;
        var next = 0;
        foreach (var question in Questions)
        {
            var (best, bestNormalised) = (0, 0);
            var bytes = question.ByteCounts;
            var choices = likelihoods.Slice(next, bytes.Length);
            for (var c = 0; c < choices.Length; c++)
            {
                if (!double.IsFinite(choices[c].Sum))
                {
                    throw new NasClusterException($"The log-likelihood of choice {c + 1} of {Name}, line {question.Line} is {choices[c].Sum}; it must be finite.");
                }

                // Only a strictly better choice replaces an earlier one: ties go to the first.
                best = choices[c].Sum > choices[best].Sum ? c : best;
                bestNormalised = choices[c].Sum / bytes[c] > choices[bestNormalised].Sum / bytes[bestNormalised] ? c : bestNormalised;
            }

            right += best == question.Answer ? 1 : 0;
            rightNormalised += bestNormalised == question.Answer ? 1 : 0;
            next += choices.Length;
        }

        return new ChoiceScore(Accuracy.Of(right, Questions.Length), Accuracy.Of(rightNormalised, Questions.Length));
    }
}
