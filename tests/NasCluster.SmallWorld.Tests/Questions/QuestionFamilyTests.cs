namespace NasCluster.SmallWorld.Tests.Questions;

public class QuestionFamilyTests
{
    public static TheoryData<string> Families => GeneratedWorld.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void Draw_Answer_IsWhatTheTextSays(string family) =>
        Assert.All(GeneratedWorld.Tasks[family], q => Assert.Equal((q.Stem, q.AnswerText), (q.Stem, Solver.Answer(family, q.Stem))));
}
