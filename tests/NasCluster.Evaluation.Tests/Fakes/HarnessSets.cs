using System.Collections.Immutable;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Evaluation.Tests.Fakes;

/// <summary>A task of every way of marking, and one of several subjects.</summary>
internal static class HarnessSets
{
    private static readonly PassageEncoder Encoder = new(new LetterTokenizer(), 60, useBeginningMark: true);

    internal static EvaluationSets Sets { get; } = new(null, [])
    {
        HarnessTasks =
        [
            new("science", "arc_easy", [Set("arc_easy", ArcTask.Parse(new(
                """{"question":{"stem":"Why is ice colder than tea, of all the things there are?","choices":[{"text":"no é","label":"1"},{"text":"so","label":"2"}]},"answerKey":"2"}""", "a.jsonl")))]),
            new("truth", "truthfulqa_mc2", [Set("truthfulqa_mc2", new TruthfulQaTask("truthfulqa_mc2", "mc2_targets", true).Parse(new(
                """[{"question":"Hot?","mc2_targets":{"No":1,"Never":1,"Yes":0}}]""", "t.json"), ""))]),
            new("word", "lambada_openai", [Set("lambada_openai", LambadaTask.Parse(new("{\"text\":\"He saw Ann\"}\n{\"text\":\"She saw him\"}", "l.jsonl")))]),
            new("wiki", "wikitext", [Set("wikitext", WikitextTask.Parse(new(" = A = \n Tea . \n = B = \n Ice , and so on , for more than a window can hold at once , surely . \n", "w.raw")))]),
            new("mmlu", "mmlu", [Set("mmlu_anatomy", Mmlu("Q,1,2,3,4,B\n")), Set("mmlu_virology", Mmlu("R,1,2,3,4,A\nS,1,2,3,4,D\n"))]),
        ],
    };

    private static ImmutableArray<Evaluation.Tasks.TaskDocument> Mmlu(string rows) => MmluTask.Parse(new NamedText(rows, "m.csv"));

    private static TaskSet Set(string task, ImmutableArray<Evaluation.Tasks.TaskDocument> documents) =>
        TaskSet.Create(task, TaskCatalog.Find(task)!.Metrics, documents, Encoder, task == "wikitext" ? ["Beware."] : []);
}
