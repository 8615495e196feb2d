using NasCluster.Core.Specification;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests;

/// <summary>A small model with its tokenizer, a text and questions, in a folder that goes with the test.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nas-pipeline-").FullName;

    public ModelFolder()
    {
        var tokenizer = ModelFile.Usual().Trainer().Normalizer();
        var configuration = RandomCheckpoint.Configuration(
            layers: 4, hidden: 16, headSize: 4, kvHeads: 2, queryHeadsPerKvHead: 1, intermediate: 24, vocabulary: tokenizer.Count);
        using var checkpoint = RandomCheckpoint.Make(configuration, seed: 5);
        HuggingFaceDirectory.Write(checkpoint, Model);
        File.WriteAllBytes(TokenizerPath, tokenizer.Bytes());
        File.WriteAllLines(TextPath, Enumerable.Range(0, 40).Select(i => $"line {i} of a text."));
        File.WriteAllLines(QuestionsPath, Enumerable.Range(0, 6).Select(i =>
            $$$"""{"id":"q{{{i}}}","question":{"stem":"what is {{{i}}}?","choices":[{"text":"one","label":"A"},{"text":"two","label":"B"}]},"answerKey":"A"}"""));
    }

    public string Model => Path.Combine(_root, "model");

    public string TokenizerPath => Path.Combine(Model, "tokenizer.model");

    public string TextPath => Path.Combine(_root, "text.txt");

    public string QuestionsPath => Path.Combine(_root, "quiz.jsonl");

    /// <summary>A search over text, task and cost.</summary>
    public SearchSpec Spec => new()
    {
        Model = Model,
        Data = new() { Text = TextPath, Window = 64, Tasks = [new("quiz", QuestionsPath)] },
        Objectives = ["perplexity", "quiz", "parameters"],
    };

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
