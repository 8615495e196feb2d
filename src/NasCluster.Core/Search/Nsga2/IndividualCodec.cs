using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.Nsga2;

/// <summary>Members of a population in a snapshot: trial, violation and minimised values, in ascending order of their trials.</summary>
internal static class IndividualCodec
{
    public static void Write(StateWriter writer, IReadOnlyList<Individual> individuals)
    {
        writer.Write(individuals.Count);
        foreach (var individual in individuals)
        {
            writer.Write((int)individual.Id.Value);
            writer.Write(individual.Violation);
            foreach (var value in individual.Objectives)
            {
                writer.Write(value);
            }
        }
    }

    /// <exception cref="InvalidDataException">A member cannot be one.</exception>
    public static List<Individual> Read(StateReader reader, TrialBook book, int objectives)
    {
        var individuals = new List<Individual>();
        var count = reader.ReadCount(book.Count);
        for (var i = 0; i < count; i++)
        {
            var id = new TrialId(reader.ReadCount(book.Count - 1));
            var violation = reader.ReadDouble();
            var values = new double[objectives];
            for (var k = 0; k < objectives; k++)
            {
                values[k] = reader.ReadDouble();
            }

            if (!book.IsTold(id) || (i > 0 && id.CompareTo(individuals[^1].Id) <= 0)
                || !double.IsFinite(violation) || violation < 0 || !Array.TrueForAll(values, double.IsFinite))
            {
                throw new InvalidDataException($"Trial {id} cannot be a member: it is open, out of order, or has impossible values.");
            }

            individuals.Add(new Individual(id, values, violation));
        }

        return individuals;
    }
}
