using System.Globalization;

namespace NasCluster.Reporting.Tests;

/// <summary>Cultures that write numbers unlike the invariant one, made by hand: tests run without culture data.</summary>
internal static class Cultures
{
    public static T WithComma<T>(Func<T> action)
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NumberGroupSeparator = ".";
        comma.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = comma;
            return action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
