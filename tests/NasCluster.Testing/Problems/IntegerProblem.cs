using NasCluster.Core.Search;
using NasCluster.Core.Spaces;

namespace NasCluster.Testing.Problems;

/// <summary>A published test problem: variables in [0, 1], each coded as an integer from 0 to <see cref="Steps"/>, objectives to minimise.</summary>
public sealed class IntegerProblem
{
    /// <summary>The integer that stands for 1.</summary>
    public const int Steps = 1000;

    private readonly Func<double[], double[]> _function;

    private IntegerProblem(string name, int variables, int objectives, Func<double[], double[]> function)
    {
        Name = name;
        Space = new IntegerSpace([.. Enumerable.Repeat(Steps + 1, variables)]);
        Objectives =
        [
            .. Enumerable.Range(1, objectives).Select(k => new Objective($"f{k}", ObjectiveDirection.Minimise, ObjectiveKind.Analytic)),
        ];
        _function = function;
    }

    /// <summary>ZDT1 (Zitzler, Deb and Thiele 2000): 30 variables, 2 objectives, a convex front.</summary>
    public static IntegerProblem Zdt1 { get; } = new("zdt1", 30, 2, x => Zdt(x, (f, g) => 1 - Math.Sqrt(f / g)));

    /// <summary>ZDT2: a concave front.</summary>
    public static IntegerProblem Zdt2 { get; } = new("zdt2", 30, 2, x => Zdt(x, (f, g) => 1 - (f / g * (f / g))));

    /// <summary>ZDT3: a front in five pieces.</summary>
    public static IntegerProblem Zdt3 { get; } =
        new("zdt3", 30, 2, x => Zdt(x, (f, g) => 1 - Math.Sqrt(f / g) - (f / g * Math.Sin(10 * Math.PI * f))));

    /// <summary>DTLZ2 (Deb, Thiele, Laumanns and Zitzler 2002): 12 variables, 3 objectives, an eighth of the unit sphere.</summary>
    public static IntegerProblem Dtlz2 { get; } = new("dtlz2", 12, 3, x =>
    {
        var radius = 1 + x.Skip(2).Sum(v => (v - 0.5) * (v - 0.5));
        var (first, second) = (x[0] * Math.PI / 2, x[1] * Math.PI / 2);
        return
        [
            radius * Math.Cos(first) * Math.Cos(second),
            radius * Math.Cos(first) * Math.Sin(second),
            radius * Math.Sin(first),
        ];
    });

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IntegerProblem> All { get; } = [Zdt1, Zdt2, Zdt3, Dtlz2];

    /// <summary>Its name in lower case.</summary>
    public string Name { get; }

    /// <summary>Its variables as genes.</summary>
    public IntegerSpace Space { get; }

    /// <summary>Its objectives.</summary>
    public IReadOnlyList<Objective> Objectives { get; }

    /// <summary>The objectives of a genome.</summary>
    public double[] Evaluate(Genome genome) => _function([.. genome.Genes.Select(g => (double)g / Steps)]);

    /// <summary>The objectives of a genome, as an outcome.</summary>
    public EvaluationOutcome Outcome(Genome genome) =>
        EvaluationOutcome.Success([.. Evaluate(genome).Select(v => new ObjectiveValue(v, 0))]);

    private static double[] Zdt(double[] x, Func<double, double, double> shape)
    {
        var g = 1 + (9 * x.Skip(1).Sum() / (x.Length - 1));
        return [x[0], g * shape(x[0], g)];
    }
}
