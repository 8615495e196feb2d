namespace NasCluster.Core.Prediction;

/// <summary>A positive number of any size, for products that a double cannot hold; compares without a logarithm, whose bits differ between machines.</summary>
/// <param name="Mantissa">In [1, 2).</param>
/// <param name="Exponent">Of 2.</param>
internal readonly record struct WideNumber(double Mantissa, long Exponent) : IComparable<WideNumber>
{
    public static WideNumber One { get; } = new(1, 0);

    /// <summary>This times a positive factor.</summary>
    public WideNumber Times(double factor)
    {
        var product = Mantissa * factor;
        var exponent = Math.ILogB(product);
        return new WideNumber(Math.ScaleB(product, -exponent), Exponent + exponent);
    }

    public int CompareTo(WideNumber other) => Exponent != other.Exponent ? Exponent.CompareTo(other.Exponent) : Mantissa.CompareTo(other.Mantissa);
}
