using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace NasCluster.Cluster.Tests.Wire;

/// <summary>Values as text in which any two that differ, in type or in one bit, differ.</summary>
internal static class Exact
{
    public static string Text(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                return;
            case double number:
                text.Append(CultureInfo.InvariantCulture, $"double:{BitConverter.DoubleToInt64Bits(number):x16}");
                return;
            case DateTimeOffset time:
                text.Append(time.ToString("O", CultureInfo.InvariantCulture));
                return;
            case string or IFormattable:
                text.Append(CultureInfo.InvariantCulture, $"{value.GetType().Name}:'{value}'");
                return;
            case bool:
                text.Append(value);
                return;
        }

        var type = value.GetType();
        text.Append(type.Name).Append('{');
        if (type.GetProperty("IsDefault") is { } isDefault && (bool)isDefault.GetValue(value)!)
        {
            text.Append("default");
        }
        else if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Write(text, item);
                text.Append(',');
            }
        }
        else
        {
            // Fields, not properties: whatever a value is made of, and nothing it computes.
            foreach (var field in Fields(type))
            {
                text.Append(field.Name).Append('=');
                Write(text, field.GetValue(value));
                text.Append(',');
            }
        }

        text.Append('}');
    }

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(f => f.Name, StringComparer.Ordinal);
}
