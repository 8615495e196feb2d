using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Testing.Problems;

/// <summary>
/// A made-up network of 32 layers of LLaMA2-7B's shape: depth 24, 28 or 32, and 2 to 4 MLP widths in each layer. Its loss is neither
/// additive nor linear: neighbours that are both narrow hurt, or help, by an amount of their own, and the sum goes through a logistic curve.
/// </summary>
public sealed class LayeredProblem
{
    private const int Layers = 32;
    private const double Hidden = 4096;
    private const double Widest = 11008;
    private readonly double[] _importance = new double[Layers];
    private readonly double[] _curvature = new double[Layers];
    private readonly double[] _pairs = new double[Layers - 1];

    /// <summary>Makes it.</summary>
    /// <param name="seed">Decides widths, importance and interactions.</param>
    public LayeredProblem(ulong seed)
    {
        var random = new Xoshiro256(seed);
        var widths = ImmutableArray.CreateBuilder<ImmutableArray<int>>(Layers);
        for (var layer = 0; layer < Layers; layer++)
        {
            widths.Add(random.NextInt(3) switch
            {
                0 => [5504, 11008],
                1 => [2752, 5504, 11008],
                _ => [2752, 5504, 8256, 11008],
            });

            // The ends matter most, as in trained networks; each layer has luck of its own besides.
            var fromMiddle = Math.Abs((layer / (Layers - 1.0)) - 0.5) * 2;
            _importance[layer] = 0.05 + (0.25 * fromMiddle * fromMiddle * fromMiddle) + (0.15 * random.NextDouble() * random.NextDouble());
            _curvature[layer] = 0.5 + (2 * random.NextDouble());
        }

        for (var layer = 0; layer < Layers - 1; layer++)
        {
            _pairs[layer] = (random.NextDouble() - 0.3) * 0.3;
        }

        Space = new LlamaSpace(
            new LlamaConfiguration
            {
                VocabularySize = 32_000,
                HiddenSize = 4096,
                HeadSize = 128,
                QueryHeadsPerKvHead = 1,
                Layers = [.. Enumerable.Repeat(new LlamaLayerShape(32, 11008), Layers)],
                MaximumPositions = 4096,
                NormEpsilon = 1e-5f,
                RopeTheta = 10_000,
                TiedEmbeddings = false,
            },
            new LlamaSpaceOptions { Depths = [24, 28, 32], MlpWidths = widths.MoveToImmutable() });
    }

    /// <summary>What may be proposed.</summary>
    public LlamaSpace Space { get; }

    /// <summary>The loss, and billions of parameters in the layers.</summary>
    public static ImmutableArray<Objective> Objectives { get; } =
    [
        new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored),
        new("parameters", ObjectiveDirection.Minimise, ObjectiveKind.Analytic),
    ];

    /// <summary>The objectives of a genome, in their order.</summary>
    public EvaluationOutcome Outcome(Genome genome) => EvaluationOutcome.Success([new(Loss(genome), 0), new(Parameters(genome), 0)]);

    /// <summary>Billions of parameters in the layers' matrices.</summary>
    public double Parameters(Genome genome) =>
        Space.Decode(genome).Layers.Sum(l => (4 * Hidden * Hidden) + (3 * Hidden * l.MlpChannels.Count)) / 1e9;

    /// <summary>From 1.5 for the whole network up to 4.5 for one that knows nothing.</summary>
    private double Loss(Genome genome)
    {
        // What is missing of each layer, from 0 to 1; a layer that fell misses a little more than a narrow one ever does.
        Span<double> missing = stackalloc double[Layers];
        missing.Fill(1.2);
        foreach (var layer in Space.Decode(genome).Layers)
        {
            missing[layer.SourceLayer] = Math.Pow(1 - (layer.MlpChannels.Count / Widest), _curvature[layer.SourceLayer]);
        }

        var damage = 0.0;
        for (var layer = 0; layer < Layers; layer++)
        {
            damage += _importance[layer] * missing[layer];
            if (layer > 0)
            {
                damage += _pairs[layer - 1] * missing[layer - 1] * missing[layer];
            }
        }

        return 1.5 + (3 / (1 + Math.Exp(2.5 - damage))) - (3 / (1 + Math.Exp(2.5)));
    }
}
