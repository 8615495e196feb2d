using NasCluster.Core.Search;
using NasCluster.Core.Specification;

namespace NasCluster.Evaluation;

/// <summary>How far values lie outside their constraints.</summary>
public static class Violation
{
    /// <summary>
    /// The sum over all constraints of the distance to the bound as a share of the bound's size (the plain distance when the
    /// bound is 0), so that a constraint on millions of parameters does not drown one on an accuracy.
    /// </summary>
    /// <param name="constraints">Bounds.</param>
    /// <param name="valueOf">The value of what a constraint names.</param>
    public static double Of(IEnumerable<ConstraintSpec> constraints, Func<string, ObjectiveValue> valueOf)
    {
        double sum = 0;
        foreach (var constraint in constraints)
        {
            var value = valueOf(constraint.Name).Value;
            sum += Excess(value - constraint.Maximum, constraint.Maximum) + Excess(constraint.Minimum - value, constraint.Minimum);
        }

        return sum;
    }

    private static double Excess(double? excess, double? bound) => excess > 0 ? excess.Value / (bound == 0 ? 1 : Math.Abs(bound!.Value)) : 0;
}
