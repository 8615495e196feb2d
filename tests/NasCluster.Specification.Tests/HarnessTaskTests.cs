namespace NasCluster.Specification.Tests;

public sealed class HarnessTaskTests
{
    [Fact]
    public void Read_TasksOfTheHarness_AreCalledAsTheyAreThereUnlessToldOtherwise()
    {
        var spec = SearchSpecReader.Read("""
            model: m
            data:
              tasks:
                ordering: ordering.jsonl
                arc_challenge: {path: arc, shots: 25}
                stem: {task: mmlu_stem, path: mmlu, shots: 5, limit: 20}
                wiki: {path: wiki.test.raw, task: wikitext}
            objectives: [ordering_norm, arc_challenge_norm, stem, wiki, wiki_bits_per_byte, mean_accuracy_norm, parameters]
            """).SpecOrThrow(null);

        Assert.Equal(
        [
            new("ordering", "ordering.jsonl"),
            new("arc_challenge", "arc") { Task = "arc_challenge", Shots = 25 },
            new("stem", "mmlu") { Task = "mmlu_stem", Shots = 5, Limit = 20 },
            new("wiki", "wiki.test.raw") { Task = "wikitext" },
        ], spec.Data.Tasks.ToArray());
        Assert.Equal(spec, SearchSpecReader.Read(SearchSpecWriter.Write(spec)).SpecOrThrow(null));
    }

    [Theory]
    [InlineData("{path: arc, task: arc_chalenge}", "data.tasks.quiz.task is 'arc_chalenge' (did you mean arc_challenge?)")]
    [InlineData("{path: arc}", "data.tasks.quiz.task is 'quiz'")]
    [InlineData("{task: piqa}", "data.tasks.quiz is empty; it must be the path")]
    [InlineData("{path: arc, task: piqa, shot: 5}", "data.tasks.quiz.shot is no known key (did you mean shots?)")]
    [InlineData("{path: arc, task: piqa, shots: 65}", "data.tasks.quiz.shots is 65")]
    [InlineData("{path: arc, task: piqa, limit: 0}", "data.tasks.quiz.limit is 0")]
    public void Read_WrongTask_SaysWhatIsWrong(string task, string problem)
    {
        var found = SearchSpecReader.Read($"model: m\ndata:\n  tasks:\n    quiz: {task}\nobjectives: [quiz, parameters]\n").Problems;

        Assert.Contains(found, p => p.Message.StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ObjectiveThatTheTaskHasNot_ListsThoseItHas()
    {
        var found = SearchSpecReader.Read("model: m\ndata:\n  tasks:\n    winogrande: {path: w}\nobjectives: [winogrande_norm, parameters]\n").Problems;

        Assert.Contains("winogrande_norm', which is no objective (did you mean", Assert.Single(found).Message, StringComparison.Ordinal);
    }
}
