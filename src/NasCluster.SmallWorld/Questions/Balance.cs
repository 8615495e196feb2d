using NasCluster.Core.Randomness;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Makes the place of the answer in the text tell nothing.</summary>
internal static class Balance
{
    private const int MostTries = 10_000;

    /// <summary>Draws a rank first and then scenes until one has it, so that all ranks are equally likely.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="ranks">How many ranks there are.</param>
    /// <param name="draw">Draws a scene and says its rank; each rank must come up, and a scene of no use is ranked -1.</param>
    public static T Draw<T>(IRandomSource random, int ranks, Func<(T Scene, int Rank)> draw)
    {
        var wanted = random.NextInt(ranks);
        for (var i = 0; i < MostTries; i++)
        {
            var (scene, rank) = draw();
            if (rank == wanted)
            {
                return scene;
            }
        }

        throw new InvalidOperationException($"Rank {wanted} of {ranks} never came up.");
    }
}
