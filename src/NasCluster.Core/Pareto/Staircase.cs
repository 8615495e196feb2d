namespace NasCluster.Core.Pareto;

/// <summary>The points of a plane that no other dominates, both values to be minimised, and the area they dominate.</summary>
internal sealed class Staircase(double referenceX, double referenceY)
{
    /// <summary>Ascending in X, hence descending in Y.</summary>
    private readonly List<(double X, double Y)> _steps = [];

    /// <summary>The dominated area up to the reference.</summary>
    public double Area { get; private set; }

    /// <summary>Adds a point inside the reference: a binary search, and one step for each point it removes.</summary>
    public void Add(double x, double y)
    {
        var low = 0;
        var high = _steps.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_steps[middle].X < x)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // Left of x the lowest step bounds the new area from above; a step at x or to its right bounds it once it is lower.
        var ceiling = low == 0 ? referenceY : _steps[low - 1].Y;
        if (ceiling <= y || (low < _steps.Count && _steps[low].X == x && _steps[low].Y <= y))
        {
            return;
        }

        var left = x;
        var end = low;
        for (; end < _steps.Count && _steps[end].Y >= y; end++)
        {
            Area += (_steps[end].X - left) * (ceiling - y);
            (left, ceiling) = _steps[end];
        }

        Area += ((end < _steps.Count ? _steps[end].X : referenceX) - left) * (ceiling - y);
        _steps.RemoveRange(low, end - low);
        _steps.Insert(low, (x, y));
    }
}
