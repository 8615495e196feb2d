using System.Buffers.Binary;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Where each tensor lies in a llama2.c version-0 file.</summary>
/// <remarks>
/// Seven little-endian int32 (hidden size, MLP width, layers, heads, KV heads, vocabulary, positions), then float32 tensors, each kind
/// for all layers together: embedding, attention norms, q, k, v, o, MLP norms, gate, down, up, final norm, two tables of rotary cosines
/// and sines that nobody reads any more, and the output head unless it is the embedding. A negative vocabulary says that it is not.
/// </remarks>
internal sealed class Llama2cLayout
{
    public const int HeaderBytes = 28;
    private const int Version1Magic = 0x616b_3432;
    private const int MostLayers = 4096;
    private const int LargestSize = 1 << 24;
    private readonly Dictionary<string, long> _offsets;

    private Llama2cLayout(LlamaConfiguration configuration, Dictionary<string, long> offsets)
    {
        Configuration = configuration;
        _offsets = offsets;
    }

    public LlamaConfiguration Configuration { get; }

    public long OffsetOf(string name) => _offsets[name];

    /// <param name="start">The file's first bytes, 28 if it has them.</param>
    /// <param name="fileLength">Bytes in the whole file.</param>
    /// <param name="file">For messages.</param>
    public static Llama2cLayout Parse(ReadOnlySpan<byte> start, long fileLength, string file)
    {
        if (start.Length < HeaderBytes || fileLength < HeaderBytes)
        {
            throw new NasClusterException(
                $"{file}: {Math.Min(start.Length, fileLength)} bytes are too few for the header of a llama2.c file, which has "
                + $"{HeaderBytes}.");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(start) == Version1Magic)
        {
            throw new NasClusterException(
                $"{file}: a llama2.c file of version 1 or newer; only version 0 (float32 without a magic number) is read.");
        }

        var hidden = Field(start, 0, "dim", LargestSize, file);
        var mlp = Field(start, 1, "hidden_dim", LargestSize, file);
        var layers = Field(start, 2, "n_layers", MostLayers, file);
        var heads = Field(start, 3, "n_heads", LargestSize, file);
        var kvHeads = Field(start, 4, "n_kv_heads", LargestSize, file);
        var signedVocabulary = BinaryPrimitives.ReadInt32LittleEndian(start[20..]);
        var vocabulary = (int)Math.Min(Math.Abs((long)signedVocabulary), int.MaxValue);
        if (vocabulary is < 1 or > LargestSize)
        {
            throw new NasClusterException(
                $"{file}: header field vocab_size is {signedVocabulary}; its magnitude must be in [1, {LargestSize}].");
        }

        var positions = Field(start, 6, "seq_len", LargestSize, file);
        Divides(hidden, "dim", heads, "n_heads", file);
        Divides(heads, "n_heads", kvHeads, "n_kv_heads", file);
        if (hidden / heads % 2 != 0)
        {
            throw new NasClusterException(
                $"{file}: dim {hidden} / n_heads {heads} is a head of {hidden / heads} channels; it must be even.");
        }

        var configuration = new LlamaConfiguration
        {
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            HeadSize = hidden / heads,
            QueryHeadsPerKvHead = heads / kvHeads,
            Layers = [.. Enumerable.Repeat(new LlamaLayerShape(kvHeads, mlp), layers)],
            MaximumPositions = positions,
            NormEpsilon = 1e-5f,
            RopeTheta = 10_000,
            TiedEmbeddings = signedVocabulary > 0,
        };
        return new Llama2cLayout(configuration, Offsets(configuration, fileLength, file));
    }

    private static Dictionary<string, long> Offsets(LlamaConfiguration c, long fileLength, string file)
    {
        // Sums first and names after: a header that lies must not make us build a catalogue of a network that is not there.
        var kv = (long)c.Layers[0].KvHeadCount * c.HeadSize;
        var mlp = (long)c.Layers[0].IntermediateSize;
        var perLayer = c.HiddenSize * (2L + (2L * c.HiddenSize) + (2 * kv) + (3 * mlp));
        var table = (long)c.VocabularySize * c.HiddenSize;
        var rotary = (long)c.MaximumPositions * c.HeadSize;
        var weights = (Int128)perLayer * c.Layers.Length + table + c.HiddenSize + rotary + (c.TiedEmbeddings ? 0 : table);
        var expected = HeaderBytes + (weights * sizeof(float));
        if (expected != fileLength)
        {
            throw new NasClusterException(
                $"{file}: the header promises {expected} bytes, but the file has {fileLength}: it is "
                + $"{(fileLength < expected ? "truncated" : "overlong")} or not a llama2.c file.");
        }

        var offsets = new Dictionary<string, long>();
        long next = HeaderBytes;
        void Place(TensorSpec spec)
        {
            offsets.Add(spec.Name, next);
            next += (long)spec.Rows * spec.Columns * sizeof(float);
        }

        var byLayer = Enumerable.Range(0, c.Layers.Length).Select(i => TensorCatalog.Layer(c, i)).ToArray();
        Place(TensorCatalog.EmbedTokens(c));
        foreach (var which in FileOrder)
        {
            foreach (var layer in byLayer)
            {
                Place(layer[(int)which]);
            }
        }

        Place(TensorCatalog.Norm(c));
        next += rotary * sizeof(float);
        if (!c.TiedEmbeddings)
        {
            Place(TensorCatalog.LmHead(c));
        }

        return offsets;
    }

    private static readonly LayerTensor[] FileOrder =
    [
        LayerTensor.InputLayernorm, LayerTensor.QProj, LayerTensor.KProj, LayerTensor.VProj, LayerTensor.OProj,
        LayerTensor.PostAttentionLayernorm, LayerTensor.GateProj, LayerTensor.DownProj, LayerTensor.UpProj,
    ];

    private static int Field(ReadOnlySpan<byte> start, int index, string name, int most, string file)
    {
        var value = BinaryPrimitives.ReadInt32LittleEndian(start[(4 * index)..]);
        return value >= 1 && value <= most
            ? value
            : throw new NasClusterException($"{file}: header field {name} is {value}; it must be in [1, {most}].");
    }

    private static void Divides(int whole, string wholeName, int part, string partName, string file)
    {
        if (whole % part != 0)
        {
            throw new NasClusterException($"{file}: header field {wholeName} is {whole}, which is no multiple of {partName} ({part}).");
        }
    }
}
