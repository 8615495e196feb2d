using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.Search.PolicyGradient;

namespace NasCluster.Core.Specification;

/// <summary>The one table of keys, in the order they are written.</summary>
public static class SearchSpecKeys
{
    /// <summary>The word for "no limit".</summary>
    public const string AllWord = "all";

    /// <summary>The word for keeping leading layers.</summary>
    public const string PrefixWord = "prefix";

    private static readonly NumberRange Positive = new(1, int.MaxValue);

    /// <summary>Every key.</summary>
    public static ImmutableArray<SpecKey> All { get; } = [.. Top(), .. Data(), .. Space(), .. Values(), .. Costs(), .. Algorithm(), .. Pruning(), .. End()];

    /// <summary>What each section (a mapping of keys) is for, by its path.</summary>
    public static ImmutableArray<(string Path, string Description)> Sections { get; } =
    [
        ("data", "What sub-networks are scored on."),
        ("space", "Which sub-networks there are."),
        ("costs", "How analytic costs are counted."),
        ("measurement", "How the objectives of speed are measured, or from which table they are predicted."),
        ("algorithm", "How the search proposes candidates."),
        ("algorithm.predictor", "How outcomes are predicted, by linas and ehvi."),
        ("algorithm.crossover", "How two parents are combined."),
        ("algorithm.mutation", "How a child is changed."),
        ("pruning", "What is done before and after the search to take channels out of a network without training."),
        ("pruning.policy_gradient", "What refines importance before the search, by scoring masks drawn at random (arXiv 2406.10576)."),
        ("budget", "When the search ends."),
    ];

    private static IEnumerable<SpecKey> Top()
    {
        yield return new("model", SpecKeyKind.Text, "The checkpoint: a llama2.c .bin file, a Hugging Face directory, or a name the host knows.",
            s => s.Model.Length == 0 ? null : s.Model, (s, v) => s with { Model = (string)v })
        { IsRequired = true };
        yield return new("tokenizer", SpecKeyKind.Text, "The tokenizer's file. Default: the one beside the model.",
            s => s.Tokenizer, (s, v) => s with { Tokenizer = (string)v });
    }

    private static IEnumerable<SpecKey> Data()
    {
        yield return OfData("text", SpecKeyKind.Text, "A UTF-8 text for perplexity and log_likelihood.",
            d => d.Text, (d, v) => d with { Text = (string)v });
        yield return OfData("calibration_share", SpecKeyKind.Number,
            "Leading share of the text for importance, policy gradient and repair; neither the search nor the report sees it.",
            d => d.CalibrationShare, (d, v) => d with { CalibrationShare = (double)v }, new(0, 0.9));
        yield return OfData("search_share", SpecKeyKind.Number,
            "Leading share of the text after the calibration part, and of each task's questions that the search may see; the rest is kept apart to report on.",
            d => d.SearchShare, (d, v) => d with { SearchShare = (double)v }, new(0, 1, OpenBelow: true));
        yield return OfData("search_tokens", SpecKeyKind.IntegerOrWord, "At most this many tokens of the search part are scored.",
            d => OrAll(d.SearchTokens), (d, v) => d with { SearchTokens = OrAll(v) }, Positive, [AllWord]);
        yield return OfData("report_tokens", SpecKeyKind.IntegerOrWord, "At most this many tokens of the report part are scored.",
            d => OrAll(d.ReportTokens), (d, v) => d with { ReportTokens = OrAll(v) }, Positive, [AllWord]);
        yield return OfData("window", SpecKeyKind.Integer,
            "Longest sequence in tokens, the beginning mark included. Default: the smaller of 512 and the model's maximum.",
            d => (long?)d.Window, (d, v) => d with { Window = (int)(long)v }, new(2, 1 << 20));
        yield return OfData("stride", SpecKeyKind.Integer,
            "How many tokens a window lies after the one before it, at most the window. Default: the window.",
            d => (long?)d.Stride, (d, v) => d with { Stride = (int)(long)v }, new(1, 1 << 20));
        yield return OfData("separator", SpecKeyKind.Text, "What stands between two documents in the file. Default: the file is one document.",
            d => d.Separator, (d, v) => d with { Separator = (string)v });
        yield return OfData("documents", SpecKeyKind.Word,
            "joined lets windows run on from one document into the next; apart begins them anew with each, for a network trained with one document in a window.",
            d => Words.Of(d.Documents), (d, v) => d with { Documents = Words.Parse<DocumentRule>((string)v) }, words: Words.All<DocumentRule>());
        yield return OfData("join", SpecKeyKind.Text, "What is put between two documents instead of the separator, where they are joined.",
            d => d.Join, (d, v) => d with { Join = (string)v });
        yield return OfData("first_token", SpecKeyKind.Word,
            "bos puts the tokenizer's beginning mark before each window; skip leaves a token with nothing before it unscored.",
            d => Words.Of(d.FirstToken), (d, v) => d with { FirstToken = Words.Parse<FirstTokenRule>((string)v) }, words: Words.All<FirstTokenRule>());
        yield return OfData("tasks", SpecKeyKind.Tasks,
            "Tasks by name: a file of questions in ARC's layout, or {task, path, shots, limit} for a task of the evaluation harness. "
            + "A task arc_easy gives the objectives arc_easy and arc_easy_norm; mean_accuracy and mean_accuracy_norm are over all tasks.",
            d => d.Tasks.IsEmpty ? null : d.Tasks, (d, v) => d with { Tasks = (ImmutableArray<TaskSpec>)v });
        yield return OfData("search_questions", SpecKeyKind.IntegerOrWord, "At most this many questions of each task's search part are asked.",
            d => OrAll(d.SearchQuestions), (d, v) => d with { SearchQuestions = OrAll(v) }, Positive, [AllWord]);
        yield return OfData("report_questions", SpecKeyKind.IntegerOrWord, "At most this many questions of each task's report part are asked.",
            d => OrAll(d.ReportQuestions), (d, v) => d with { ReportQuestions = OrAll(v) }, Positive, [AllWord]);
    }

    private static IEnumerable<SpecKey> Space()
    {
        yield return OfSpace("kind", SpecKeyKind.Word,
            "widths: how many channels of every layer, the most important ones where importance is measured. masks: which channels of every layer; needs pruning.keep.",
            p => Words.Of(p.Kind), (p, v) => p with { Kind = Words.Parse<SpaceKind>((string)v) }, null, Words.All<SpaceKind>());
        yield return OfSpace("attention", SpecKeyKind.Word, "What masks may take from a layer's attention: rotary pairs in all of its heads, whole KV groups, both, or nothing.",
            p => Words.Of(p.Attention), (p, v) => p with { Attention = Words.Parse<AttentionParts>((string)v) }, null, Words.All<AttentionParts>());
        yield return OfSpace("depth", SpecKeyKind.Integers,
            "Layer counts to choose from. Default: every count from 60 % of the model's layers (rounded up) to all.",
            p => p.Depth.IsEmpty ? null : Longs(p.Depth), (p, v) => p with { Depth = Ints(v) }, Positive);
        yield return OfSpace("mlp", SpecKeyKind.Widths,
            "MLP widths each layer chooses from: shares in (0, 1], rounded to the nearest channel, or numbers of channels from 2. Default: 0.5, 0.75, 1.0.",
            p => p.Mlp.IsEmpty ? null : p.Mlp.Select(w => w.Value).ToImmutableArray(),
            (p, v) => p with { Mlp = [.. ((ImmutableArray<double>)v).Select(w => new MlpWidth(w))] }, new(0, int.MaxValue, OpenBelow: true));
        yield return OfSpace("head_pairs", SpecKeyKind.Shares,
            "Shares of its rotary pairs that every head of a layer chooses from, alike in all heads of the layer. Default: all of them.",
            p => p.HeadPairs.IsEmpty ? null : p.HeadPairs, (p, v) => p with { HeadPairs = (ImmutableArray<double>)v }, new(0, 1, OpenBelow: true));
        yield return OfSpace("kv_groups", SpecKeyKind.Integers, "KV-group counts each layer chooses from. Default: all of the layer's groups.",
            p => p.KvGroups.IsEmpty ? null : Longs(p.KvGroups), (p, v) => p with { KvGroups = Ints(v) }, Positive);
        yield return OfSpace("layer_order", SpecKeyKind.IntegersOrWord,
            "prefix keeps the leading layers, or where importance is measured the most important ones; a list names all layers, the one kept longest first.",
            p => p.LayerOrder is { } order ? Longs(order) : PrefixWord, (p, v) => p with { LayerOrder = v is string ? null : Ints(v) },
            new(0, int.MaxValue), [PrefixWord]);
    }

    private static IEnumerable<SpecKey> Values()
    {
        yield return new("objectives", SpecKeyKind.Texts,
            "What the search trades off: perplexity, log_likelihood, parameters, block_parameters, memory_bytes, kv_cache_bytes, macs_per_token, latency_ms, "
            + "tokens_per_second, prefill_ms, prefill_tokens_per_second, decode_ms, decode_tokens_per_second, or a task's accuracy.",
            s => s.Objectives, (s, v) => s with { Objectives = (ImmutableArray<string>)v });
        yield return new("constraints", SpecKeyKind.Constraints, "Bounds by name of a value: {parameters: {max: 200000}}.",
            s => s.Constraints.IsEmpty ? null : s.Constraints, (s, v) => s with { Constraints = (ImmutableArray<ConstraintSpec>)v });
    }

    private static IEnumerable<SpecKey> Costs()
    {
        yield return new("costs.weights", SpecKeyKind.Word, "How weights are stored, for memory_bytes; for kv_cache_bytes, int8 weights go with keys and values of 16 bits.",
            s => Words.Of(s.Costs.Weights), (s, v) => s with { Costs = s.Costs with { Weights = Words.Parse<WeightFormat>((string)v) } })
        { Words = Words.All<WeightFormat>() };
        yield return new("costs.context", SpecKeyKind.Integer,
            "Tokens that a token attends to, itself included, for macs_per_token and kv_cache_bytes. Default: the window of the data.",
            s => (long?)s.Costs.Context, (s, v) => s with { Costs = s.Costs with { Context = (int)(long)v } })
        { Range = Positive };
        yield return OfMeasurement("batch", "Sequences per measured call.", m => m.Batch, (m, v) => m with { Batch = v }, new(1, 65536));
        yield return OfMeasurement("tokens", "Tokens of each sequence. Default: the window of the data, less where decoding needs positions for new_tokens.",
            m => m.Tokens, (m, v) => m with { Tokens = v }, new(2, 1 << 20));
        yield return OfMeasurement("new_tokens", "Tokens that each sequence is decoded by after those, one a step, for decode_ms.",
            m => m.NewTokens, (m, v) => m with { NewTokens = v }, new(1, 1 << 16));
        yield return OfMeasurement("warm_up", "Calls before the first measured one.", m => m.WarmUp, (m, v) => m with { WarmUp = v }, new(0, 1000));
        yield return OfMeasurement("repeats", "Measured calls; the median is the value.", m => m.Repeats, (m, v) => m with { Repeats = v }, new(1, 10000));
        yield return new("measurement.table", SpecKeyKind.Text,
            "A latency table, as nas latency writes them: objectives of speed are predicted from it, and nothing is measured. Default: they are measured.",
            s => s.Measurement.Table, (s, v) => s with { Measurement = s.Measurement with { Table = (string)v } });
        yield return new("measurement.table_device", SpecKeyKind.Word,
            "Of which device the table must be: this, or any, to search here for another device.",
            s => Words.Of(s.Measurement.TableDevice), (s, v) => s with { Measurement = s.Measurement with { TableDevice = Words.Parse<TableDevice>((string)v) } })
        { Words = Words.All<TableDevice>() };
    }

    private static IEnumerable<SpecKey> Algorithm()
    {
        yield return OfAlgorithm("name", SpecKeyKind.Word,
            "The search algorithm: nsga2 breeds, linas breeds on predictions and evaluates the best, ehvi evaluates where the front is expected to gain "
            + "most, block_scores adds up what each layer's options do alone, random is the yardstick.",
            a => Words.Of(a.Name), (a, v) => a with { Name = Words.Parse<AlgorithmName>((string)v) }, words: Words.All<AlgorithmName>());
        yield return OfAlgorithm("mode", SpecKeyKind.Word, "Whether new candidates wait for the whole generation or are made as soon as an outcome arrives.",
            a => Words.Of(a.Mode), (a, v) => a with { Mode = Words.Parse<SearchMode>((string)v) }, words: Words.All<SearchMode>());
        yield return OfAlgorithm("population", SpecKeyKind.Integer,
            "Candidates that survive from one generation to the next; for linas and ehvi, how many the first round has.",
            a => (long)a.Population, (a, v) => a with { Population = (int)(long)v }, new(2, 100_000));
        yield return OfAlgorithm("start", SpecKeyKind.Word,
            "What comes after the largest and the smallest network: random candidates, or each option of each layer alone and then the best sums of their scores "
            + "for every size (a knapsack). Not for random, nor with steady_state.",
            a => Words.Of(a.Start), (a, v) => a with { Start = Words.Parse<SearchStart>((string)v) }, words: Words.All<SearchStart>());
        yield return OfAlgorithm("batch", SpecKeyKind.Integer,
            "Candidates of each round of linas or ehvi after the first. Default: the population for linas, 8 for ehvi.",
            a => (long?)a.Batch, (a, v) => a with { Batch = (int)(long)v }, new(1, 100_000));
        yield return OfAlgorithm("early_stop_rounds", SpecKeyKind.Integer,
            "linas and ehvi end after so many rounds in a row without a candidate that came to the front. Default: only when the budget is spent.",
            a => (long?)a.EarlyStopRounds, (a, v) => a with { EarlyStopRounds = (int)(long)v }, new(1, 100_000));
        yield return OfAlgorithm("predictor.inner_evaluations", SpecKeyKind.Integer,
            "Candidates that linas or ehvi predicts for each round, at least the population. Default: 10000 for linas, 2000 for ehvi.",
            a => (long?)a.Predictor.InnerEvaluations, (a, v) => a with { Predictor = a.Predictor with { InnerEvaluations = (int)(long)v } },
            new(2, SearchOptions.LargestBudget));
        yield return OfAlgorithm("in_flight", SpecKeyKind.Integer,
            "Candidates a steady-state search keeps created and without an outcome: the most that can be evaluated at once. Generations ignore it.",
            a => (long)a.InFlight, (a, v) => a with { InFlight = (int)(long)v }, new(1, 100_000));
        yield return OfAlgorithm("crossover.kind", SpecKeyKind.Word, "Simulated binary crossover on integers, or each gene from one of the parents.",
            a => Words.Of(a.Crossover.Kind), (a, v) => a with { Crossover = a.Crossover with { Kind = Words.Parse<CrossoverKind>((string)v) } },
            words: Words.All<CrossoverKind>());
        yield return OfAlgorithm("crossover.probability", SpecKeyKind.Number, "Probability that a pair of parents is combined at all.",
            a => a.Crossover.Probability, (a, v) => a with { Crossover = a.Crossover with { Probability = (double)v } }, NumberRange.Probability);
        yield return OfAlgorithm("crossover.eta", SpecKeyKind.Number, "Distribution index of SBX: larger keeps children nearer to their parents.",
            a => a.Crossover.Eta, (a, v) => a with { Crossover = a.Crossover with { Eta = (double)v } }, new(0, 1000));
        yield return OfAlgorithm("crossover.per_gene", SpecKeyKind.Number, "Probability that a gene of a combined pair takes part.",
            a => a.Crossover.PerGene, (a, v) => a with { Crossover = a.Crossover with { PerGene = (double)v } }, NumberRange.Probability);
        yield return OfAlgorithm("mutation.per_individual", SpecKeyKind.Number, "Probability that a child is mutated at all.",
            a => a.Mutation.PerIndividual, (a, v) => a with { Mutation = a.Mutation with { PerIndividual = (double)v } }, NumberRange.Probability);
        yield return OfAlgorithm("mutation.per_gene", SpecKeyKind.Number, "Probability that each gene of a mutated child changes. Default: one over the number of genes.",
            a => a.Mutation.PerGene, (a, v) => a with { Mutation = a.Mutation with { PerGene = (double)v } }, NumberRange.Probability);
        yield return OfAlgorithm("mutation.eta", SpecKeyKind.Number, "Distribution index of polynomial mutation: larger makes smaller steps.",
            a => a.Mutation.Eta, (a, v) => a with { Mutation = a.Mutation with { Eta = (double)v } }, new(0, 1000));
    }

    private static IEnumerable<SpecKey> Pruning()
    {
        yield return OfPruning("keep", SpecKeyKind.Number,
            "Share of the layers' weights that the network to be found keeps. Masks evolve at this size; of a front the best network no larger is written.",
            p => p.Keep, (p, v) => p with { Keep = (double)v }, new(0, 1, OpenBelow: true));
        yield return OfPruning("tolerance", SpecKeyKind.Number, "How far below keep the share of a mask may be.",
            p => p.Tolerance, (p, v) => p with { Tolerance = (double)v }, new(0, 1));
        yield return OfPruning("importance", SpecKeyKind.Word, "How the importance of channels and layers is measured.",
            p => Words.Of(p.Importance), (p, v) => p with { Importance = Words.Parse<ImportanceName>((string)v) }, words: Words.All<ImportanceName>());
        yield return OfPruning("spread", SpecKeyKind.Word,
            "How what is taken out is spread over the layers where masks begin: the same share of all, or wherever it matters least.",
            p => Words.Of(p.Spread), (p, v) => p with { Spread = Words.Parse<SpreadName>((string)v) }, words: Words.All<SpreadName>());
        yield return OfPruning("sequences", SpecKeyKind.Integer, "Sequences of the calibration part that importance is measured on and weights are repaired with.",
            p => (long)p.Sequences, (p, v) => p with { Sequences = (int)(long)v }, Positive);
        yield return OfGradient("steps", SpecKeyKind.Integer, "Steps of the policy gradient; 0 leaves it out.",
            g => (long)g.Steps, (g, v) => g with { Steps = (int)(long)v }, new(0, 100_000));
        yield return OfGradient("samples", SpecKeyKind.Integer, "Masks drawn in a step.",
            g => (long)g.Samples, (g, v) => g with { Samples = (int)(long)v }, new(2, 1000));
        yield return OfGradient("batch", SpecKeyKind.Integer, "Sequences of a step, of the calibration part.",
            g => (long)g.Batch, (g, v) => g with { Batch = (int)(long)v }, new(1, 65536));
        yield return OfGradient("window", SpecKeyKind.Integer, "Tokens of such a sequence, the beginning mark included.",
            g => (long)g.Window, (g, v) => g with { Window = (int)(long)v }, new(2, 1 << 20));
        yield return OfGradient("learning_rate", SpecKeyKind.Number, "Greatest step of a probability; falls to 0 along a cosine.",
            g => g.LearningRate, (g, v) => g with { LearningRate = (double)v }, new(0, 1, OpenBelow: true));
        yield return OfGradient("layer_share", SpecKeyKind.Number, "Share of the layers that stay on average; 1 takes no layer away as a whole.",
            g => g.LayerShare, (g, v) => g with { LayerShare = (double)v }, new(0, 1, OpenBelow: true));
        yield return OfGradient("scaling", SpecKeyKind.Word, "What the score of a bit is divided by: its deviation, or its variance.",
            g => Words.Of(g.Scaling), (g, v) => g with { Scaling = Words.Parse<ScoreScaling>((string)v) }, words: Words.All<ScoreScaling>());
        yield return OfPruning("repair", SpecKeyKind.Word, "How the weights that stay make up for the channels that went.",
            p => Words.Of(p.Repair), (p, v) => p with { Repair = Words.Parse<RepairName>((string)v) }, words: Words.All<RepairName>());
        yield return OfPruning("score", SpecKeyKind.Word, "Whether the search scores candidates as they are cut, or repaired as the network found will be.",
            p => Words.Of(p.Score), (p, v) => p with { Score = Words.Parse<ScoredState>((string)v) }, words: Words.All<ScoredState>());
        yield return OfPruning("damping", SpecKeyKind.Number,
            "Added to the diagonal of the Hessian in repair, as a share of its mean. Default: the method's own.",
            p => p.Damping, (p, v) => p with { Damping = (double)v }, new(0, 10, OpenBelow: true));
    }

    private static IEnumerable<SpecKey> End()
    {
        yield return new("budget.evaluations", SpecKeyKind.Integer, "Distinct candidates to evaluate.",
            s => (long)s.Budget.Evaluations, (s, v) => s with { Budget = s.Budget with { Evaluations = (int)(long)v } })
        { Range = new(1, SearchOptions.LargestBudget) };
        yield return new("seed", SpecKeyKind.Integer, "Seed of every random choice, at most 2^53 so that every JSON reader keeps it exactly.", s => s.Seed, (s, v) => s with { Seed = (long)v })
        { Range = new(0, 1L << 53) };
    }

    private static SpecKey OfData(
        string name, SpecKeyKind kind, string description, Func<DataSpec, object?> get, Func<DataSpec, object, DataSpec> set,
        NumberRange? range = null, ImmutableArray<string> words = default) =>
        new($"data.{name}", kind, description, s => get(s.Data), (s, v) => s with { Data = set(s.Data, v) }) { Range = range, Words = OrNone(words) };

    private static SpecKey OfSpace(
        string name, SpecKeyKind kind, string description, Func<SpaceSpec, object?> get, Func<SpaceSpec, object, SpaceSpec> set,
        NumberRange? range, ImmutableArray<string> words = default) =>
        new($"space.{name}", kind, description, s => get(s.Space), (s, v) => s with { Space = set(s.Space, v) }) { Range = range, Words = OrNone(words) };

    private static SpecKey OfMeasurement(
        string name, string description, Func<MeasurementSpec, int?> get, Func<MeasurementSpec, int, MeasurementSpec> set, NumberRange range) =>
        new($"measurement.{name}", SpecKeyKind.Integer, description, s => (long?)get(s.Measurement),
            (s, v) => s with { Measurement = set(s.Measurement, (int)(long)v) })
        { Range = range };

    private static SpecKey OfAlgorithm(
        string name, SpecKeyKind kind, string description, Func<AlgorithmSpec, object?> get, Func<AlgorithmSpec, object, AlgorithmSpec> set,
        NumberRange? range = null, ImmutableArray<string> words = default) =>
        new($"algorithm.{name}", kind, description, s => get(s.Algorithm), (s, v) => s with { Algorithm = set(s.Algorithm, v) })
        { Range = range, Words = OrNone(words) };

    private static SpecKey OfPruning(
        string name, SpecKeyKind kind, string description, Func<PruningSpec, object?> get, Func<PruningSpec, object, PruningSpec> set,
        NumberRange? range = null, ImmutableArray<string> words = default) =>
        new($"pruning.{name}", kind, description, s => get(s.Pruning), (s, v) => s with { Pruning = set(s.Pruning, v) }) { Range = range, Words = OrNone(words) };

    private static SpecKey OfGradient(
        string name, SpecKeyKind kind, string description, Func<PolicyGradientSpec, object?> get, Func<PolicyGradientSpec, object, PolicyGradientSpec> set,
        NumberRange? range = null, ImmutableArray<string> words = default) => OfPruning(
            $"policy_gradient.{name}", kind, description, p => get(p.PolicyGradient), (p, v) => p with { PolicyGradient = set(p.PolicyGradient, v) }, range, words);

    private static ImmutableArray<string> OrNone(ImmutableArray<string> words) => words.IsDefault ? [] : words;

    private static object OrAll(int? limit) => limit is { } number ? (long)number : AllWord;

    private static int? OrAll(object value) => value is long number ? (int)number : null;

    private static ImmutableArray<long> Longs(ImmutableArray<int> values) => [.. values.Select(v => (long)v)];

    private static ImmutableArray<int> Ints(object value) => [.. ((ImmutableArray<long>)value).Select(v => (int)v)];
}
