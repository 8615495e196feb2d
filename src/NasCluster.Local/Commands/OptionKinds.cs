using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace NasCluster.Local.Commands;

/// <summary>The kinds of option the commands share. What is wrong with a value is said in one line that names the option and the rule.</summary>
internal static class OptionKinds
{
    /// <summary>A name or path; it may not be empty.</summary>
    public static Option<string?> Text(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        Validators = { RefuseEmpty },
    };

    /// <summary>A name or path that must be given, and may not be empty.</summary>
    public static Option<string> RequiredText(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        Required = true,
        Validators = { RefuseEmpty },
    };

    /// <summary>A whole number within bounds.</summary>
    /// <remarks>With a parser of its own: the library's messages name .NET types, and a validator that reads a value it could not parse throws.</remarks>
    public static Option<int?> WholeNumber(string name, int least, int most, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError($"{name} is '{text}'; it must be a whole number in [{least}, {most}].");
            return null;
        },
    };

    /// <summary>A whole number within bounds that must be given.</summary>
    public static Option<int?> RequiredWholeNumber(string name, int least, int most, string description)
    {
        var option = WholeNumber(name, least, most, description);
        option.Required = true;
        return option;
    }

    /// <summary>Values apart by commas, each of which a parser takes or says what it must be.</summary>
    public static Option<T[]> List<T>(string name, string value, string description, Func<string, (T Value, string? Problem)> parse) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result =>
        {
            var items = result.Tokens[^1].Value.Split(',', StringSplitOptions.TrimEntries);
            foreach (var item in items)
            {
                if (parse(item).Problem is { } rule)
                {
                    result.AddError($"{name} is '{result.Tokens[^1].Value}'; '{item}' must be {rule}.");
                    return null;
                }
            }

            return [.. items.Select(i => parse(i).Value).Distinct()];
        },
    };

    /// <summary>A number within bounds.</summary>
    public static Option<double?> Number(string name, double least, double most, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(FormattableString.Invariant($"{name} is '{text}'; it must be a number in [{least}, {most}]."));
            return null;
        },
    };

    /// <summary>One of some words; the first is the default.</summary>
    public static Option<string> Word(string name, string description, params string[] words) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', words),
        DefaultValueFactory = _ => words[0],
        CompletionSources = { words },
        Validators =
        {
            result =>
            {
                if (result.Tokens is [.., var last] && !words.Contains(last.Value))
                {
                    result.AddError($"{name} is '{last.Value}'; it must be one of {string.Join(", ", words)}.");
                }
            },
        },
    };

    /// <summary>Any number of <c>--set KEY=VALUE</c>.</summary>
    public static Option<string[]> Settings(string description) => new("--set")
    {
        Description = description,
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
        Validators =
        {
            result =>
            {
                foreach (var token in result.Tokens.Where(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                {
                    result.AddError($"--set {token.Value}: it must be KEY=VALUE, such as --set space.depth=[3,4,5].");
                }
            },
        },
    };

    /// <summary>Refuses what looks like an option where a file or directory is expected: a slip would otherwise be taken for a name.</summary>
    public static void RefuseOption(ArgumentResult result)
    {
        foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-')))
        {
            result.AddError($"There is no option '{token.Value}' here; write a name that starts with a dash as ./{token.Value}.");
        }
    }

    private static void RefuseEmpty(OptionResult result)
    {
        if (result.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)))
        {
            result.AddError($"{result.Option.Name} is empty; it must have a value.");
        }
    }
}
