namespace NasCluster.Llama.Cpu;

/// <summary>A vector of <see cref="Width"/> floats: what a kernel needs of the hardware, so that each kernel is written once for all widths.</summary>
/// <remarks>
/// Every operation is lane by lane and rounds once, by IEEE 754. A kernel that keeps to these and never adds across lanes
/// has the same bits whatever the width.
/// </remarks>
/// <typeparam name="TSelf">The vector type.</typeparam>
internal unsafe interface ISimd<TSelf>
    where TSelf : unmanaged, ISimd<TSelf>
{
    /// <summary>Lanes; divides 16.</summary>
    static abstract int Width { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* destination);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Add(TSelf left, TSelf right);

    static abstract TSelf Subtract(TSelf left, TSelf right);

    static abstract TSelf Multiply(TSelf left, TSelf right);

    static abstract TSelf Divide(TSelf left, TSelf right);

    static abstract TSelf SquareRoot(TSelf value);

    /// <summary>left x right + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>Where <paramref name="left"/> is below <paramref name="right"/>, <paramref name="whenBelow"/>, else <paramref name="otherwise"/>.</summary>
    static abstract TSelf SelectBelow(TSelf left, TSelf right, TSelf whenBelow, TSelf otherwise);

    /// <summary>Adds the low bits of <paramref name="shift"/>, taken as an integer, to the exponent of <paramref name="value"/>.</summary>
    static abstract TSelf AddToExponent(TSelf value, TSelf shift);
}
