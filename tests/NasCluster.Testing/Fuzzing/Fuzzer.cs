using System.Diagnostics;
using NasCluster.Core;
using Xunit.Sdk;

namespace NasCluster.Testing.Fuzzing;

/// <summary>
/// Feeds a parser damaged inputs. It may accept one or refuse it with a one-line <see cref="NasClusterException"/>; any other exception,
/// a hang, or memory out of proportion to the input is a failure, reported with the input in base64.
/// </summary>
public static class Fuzzer
{
    private const int LongestShownInput = 6000;

    /// <summary>Runs the parser on mutations of well-formed inputs.</summary>
    /// <param name="seeds">Inputs that the parser takes; each is tried as it is first.</param>
    /// <param name="parse">The parser. It must not keep the array.</param>
    /// <param name="options">How many, and the limits.</param>
    /// <returns>What happened; worth writing to the test's output.</returns>
    /// <exception cref="XunitException">The parser broke a rule.</exception>
    public static FuzzReport Run(IReadOnlyList<byte[]> seeds, Action<byte[]> parse, FuzzOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentNullException.ThrowIfNull(parse);
        var run = new FuzzRun(seeds, parse, options ?? new FuzzOptions());

        // On a thread of its own, so that a hang fails this test instead of stopping the whole run.
        var thread = new Thread(run.Go) { IsBackground = true, Name = "fuzzer" };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(200)))
        {
            run.FailIfHung();
        }

        return run.Result();
    }

    private sealed class FuzzRun(IReadOnlyList<byte[]> seeds, Action<byte[]> parse, FuzzOptions options)
    {
        private readonly ByteMutator _mutator = new(seeds, options.Words);
        private int _accepted;
        private int _refused;
        private TimeSpan _slowest;
        private long _mostAllocated;
        private TimeSpan _elapsed;
        private Exception? _failure;
        private Attempt? _current;

        public void Go()
        {
            var clock = Stopwatch.StartNew();
            try
            {
                for (var i = 0; i < seeds.Count; i++)
                {
                    // Untimed and unmeasured: the first calls also pay for compilation.
                    parse(seeds[i]);
                }

                for (var i = 0; i < options.Count; i++)
                {
                    // One generator per input, so that a single failing one can be made again without those before it.
                    Try(i, _mutator.Next(new Random(unchecked((options.Seed * 1_000_003) + i))));
                }
            }
            catch (Exception e)
            {
                _failure = e;
            }

            _elapsed = clock.Elapsed;
        }

        public void FailIfHung()
        {
            var attempt = Volatile.Read(ref _current);
            if (attempt is not null && Stopwatch.GetElapsedTime(attempt.Started) > options.TimeLimit)
            {
                throw Fail(attempt, $"still running after {options.TimeLimit.TotalSeconds} s", null);
            }
        }

        public FuzzReport Result() => _failure switch
        {
            null => new FuzzReport(options.Count, _accepted, _refused, _elapsed, _slowest, _mostAllocated),
            XunitException => throw _failure,
            _ => throw new XunitException($"The parser refuses a well-formed seed: {_failure}", _failure),
        };

        private void Try(int index, byte[] input)
        {
            var attempt = new Attempt(index, input, Stopwatch.GetTimestamp());
            Volatile.Write(ref _current, attempt);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                parse(input);
                _accepted++;
            }
            catch (NasClusterException e)
            {
                _refused++;
                if (e.Message.AsSpan().IndexOfAny('\n', '\r') >= 0 || e.Message.Length is 0 or > 2000)
                {
                    throw Fail(attempt, $"the message must be one line: {e.Message}", e);
                }
            }
            catch (Exception e)
            {
                throw Fail(attempt, e.ToString(), e);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            var took = Stopwatch.GetElapsedTime(attempt.Started);
            Volatile.Write(ref _current, null);
            _slowest = took > _slowest ? took : _slowest;
            _mostAllocated = Math.Max(_mostAllocated, allocated);
            if (took > options.TimeLimit)
            {
                throw Fail(attempt, $"took {took.TotalSeconds:F1} s", null);
            }

            if (allocated > options.AllocationAllowance + ((long)options.AllocationPerByte * input.Length))
            {
                throw Fail(attempt, $"allocated {allocated} bytes for {input.Length} bytes of input", null);
            }
        }

        private XunitException Fail(Attempt attempt, string what, Exception? inner)
        {
            var shown = attempt.Input.Length <= LongestShownInput ? Convert.ToBase64String(attempt.Input) : $"{attempt.Input.Length} bytes";
            return new XunitException($"Input {attempt.Index} of seed {options.Seed}: {what}\nInput: {shown}", inner);
        }
    }

    private sealed record Attempt(int Index, byte[] Input, long Started);
}
