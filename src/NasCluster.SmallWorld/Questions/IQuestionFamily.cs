using NasCluster.Core.Randomness;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Questions of one kind.</summary>
public interface IQuestionFamily
{
    /// <summary>The name, also of its file.</summary>
    string Name { get; }

    /// <summary>A random question, of either side of the split.</summary>
    /// <param name="random">Decides everything.</param>
    Question Draw(IRandomSource random);
}
