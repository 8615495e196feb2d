namespace NasCluster.Llama.Training;

/// <summary>Cuts the tensors of a network into runs of elements for threads to share. The cuts never depend on the threads.</summary>
internal static class ElementRuns
{
    // Long enough that a run is worth handing out, short enough that a network of any size keeps every thread busy.
    private const int RunLength = 1 << 15;

    /// <summary>Does every run once; which thread does which changes nothing.</summary>
    /// <param name="set">Whose tensors.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="body">Gets the tensor's place in <see cref="ParameterSet.Tensors"/>, the first element and how many.</param>
    public static void ForEach(ParameterSet set, int threads, Action<int, int, int> body)
    {
        var runs = Of(set);
        Parallel.For(0, runs.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, r => body(runs[r].Tensor, runs[r].First, runs[r].Count));
    }

    /// <summary>A sum over all elements: each run's in its order, then the runs' in theirs.</summary>
    /// <param name="set">Whose tensors.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="body">The sum of a run.</param>
    public static double Sum(ParameterSet set, int threads, Func<float[], int, int, double> body)
    {
        var runs = Of(set);
        var sums = new double[runs.Length];
        Parallel.For(0, runs.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, r =>
            sums[r] = body(set.Tensors[runs[r].Tensor].Values, runs[r].First, runs[r].Count));
        var sum = 0.0;
        foreach (var part in sums)
        {
            sum += part;
        }

        return sum;
    }

    private static (int Tensor, int First, int Count)[] Of(ParameterSet set)
    {
        var runs = new List<(int, int, int)>();
        for (var tensor = 0; tensor < set.Tensors.Length; tensor++)
        {
            var length = set.Tensors[tensor].Values.Length;
            for (var first = 0; first < length; first += RunLength)
            {
                runs.Add((tensor, first, Math.Min(RunLength, length - first)));
            }
        }

        return [.. runs];
    }
}
