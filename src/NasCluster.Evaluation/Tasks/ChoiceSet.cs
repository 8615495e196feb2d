using System.Collections.Immutable;
using System.Text;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Statistics;

namespace NasCluster.Evaluation.Tasks;

/// <summary>A multiple-choice task ready to be scored: one request per choice, and the identity of what is scored.</summary>
/// <remarks>Zero-shot: the context is <c>Question: {stem}</c>, a new line and <c>Answer:</c>; a choice goes on with a space and its text.</remarks>
public sealed class ChoiceSet
{
    private readonly ImmutableArray<ChoiceQuestion> _questions;
    private readonly ImmutableArray<ImmutableArray<int>> _byteCounts;

    private ChoiceSet(string name, ImmutableArray<ChoiceQuestion> questions, ImmutableArray<ScoringRequest> requests, int truncated)
    {
        Name = name;
        TruncatedCount = truncated;
        Requests = requests;
        _questions = questions;
        _byteCounts = [.. questions.Select(q => q.Choices.Select(Encoding.UTF8.GetByteCount).ToImmutableArray())];
        Fingerprint = RequestFingerprint.Of("multiple choice", requests, hash =>
        {
            for (var i = 0; i < questions.Length; i++)
            {
                hash.Add((long)questions[i].Answer).Add(_byteCounts[i].AsSpan());
            }
        });
    }

    /// <summary>The task's name, such as <c>arc_easy</c>.</summary>
    public string Name { get; }

    /// <summary>How many questions.</summary>
    public int QuestionCount => _questions.Length;

    /// <summary>How many questions lost their beginning because one of their choices would not fit the window otherwise.</summary>
    public int TruncatedCount { get; }

    /// <summary>The choices of all questions, in order.</summary>
    public ImmutableArray<ScoringRequest> Requests { get; }

    /// <summary>SHA-256 over token ids, scored spans, right answers and choice lengths, in lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

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

        return new ChoiceSet(name, questions, requests.ToImmutable(), truncated);
    }

    /// <summary>What a sub-network's likelihoods of this set amount to.</summary>
    /// <param name="likelihoods">One per request, in order.</param>
    /// <exception cref="NasClusterException">A likelihood is not a finite number.</exception>
    public ChoiceScore Score(ReadOnlySpan<LogLikelihood> likelihoods)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(likelihoods.Length, Requests.Length);
        var right = 0;
        var rightNormalised = 0;
        var next = 0;
        for (var i = 0; i < _questions.Length; i++)
        {
            var (best, bestNormalised) = (0, 0);
            var bytes = _byteCounts[i];
            var choices = likelihoods.Slice(next, _questions[i].Choices.Length);
            for (var c = 0; c < choices.Length; c++)
            {
                if (!double.IsFinite(choices[c].Sum))
                {
                    throw new NasClusterException($"The log-likelihood of choice {c + 1} of {Name}, line {_questions[i].Line} is {choices[c].Sum}; it must be finite.");
                }

                // Only a strictly better choice replaces an earlier one: ties go to the first.
                best = choices[c].Sum > choices[best].Sum ? c : best;
                bestNormalised = choices[c].Sum / bytes[c] > choices[bestNormalised].Sum / bytes[bestNormalised] ? c : bestNormalised;
            }

            right += best == _questions[i].Answer ? 1 : 0;
            rightNormalised += bestNormalised == _questions[i].Answer ? 1 : 0;
            next += choices.Length;
        }

        return new ChoiceScore(Accuracy.Of(right, _questions.Length), Accuracy.Of(rightNormalised, _questions.Length));
    }
}
