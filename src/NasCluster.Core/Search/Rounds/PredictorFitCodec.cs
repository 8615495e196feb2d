using System.Collections.Immutable;
using NasCluster.Core.Prediction;
using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.Rounds;

/// <summary>What was observed of the predictors, in a snapshot.</summary>
internal static class PredictorFitCodec
{
    public static void Write(StateWriter writer, IReadOnlyList<PredictorFit> fits, ImmutableArray<Objective> objectives)
    {
        writer.Write(fits.Count);
        foreach (var fit in fits)
        {
            writer.Write(fit.Round);
            writer.Write(objectives.Index().First(o => o.Item.Name == fit.Objective).Index);
            writer.Write((int)fit.Kind);
            writer.Write(fit.KendallTau);
            writer.Write(fit.MeanAbsolutePercentageError);
            writer.Write(fit.Samples);
        }
    }

    /// <exception cref="InvalidDataException">A fit cannot be one.</exception>
    public static List<PredictorFit> Read(StateReader reader, ImmutableArray<Objective> objectives, int rounds)
    {
        var fits = new List<PredictorFit>();
        var count = reader.ReadCount(checked(rounds * objectives.Length));
        for (var i = 0; i < count; i++)
        {
            var fit = new PredictorFit(
                reader.ReadCount(rounds), objectives[reader.ReadCount(objectives.Length - 1)].Name, (PredictorKind)reader.ReadInt32(),
                reader.ReadDouble(), reader.ReadDouble(), reader.ReadCount(SearchOptions.LargestBudget));
            if (!Enum.IsDefined(fit.Kind) || !(Math.Abs(fit.KendallTau) <= 1) || !(fit.MeanAbsolutePercentageError >= 0))
            {
                throw new InvalidDataException($"A predictor of round {fit.Round} cannot be {fit}.");
            }

            fits.Add(fit);
        }

        return fits;
    }
}
