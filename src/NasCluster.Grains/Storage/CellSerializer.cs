using Orleans.Storage;

namespace NasCluster.Grains.Storage;

/// <summary>Stores a cell's bytes as they are, whatever the storage.</summary>
public sealed class CellSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => input is CellState cell
        ? new BinaryData(cell.Bytes)
        : throw new NotSupportedException($"Only cells are stored, not {typeof(T).Name}.");

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input) => typeof(T) == typeof(CellState)
        ? (T)(object)new CellState { Bytes = input.ToArray() } // A copy: the storage may use its buffer again.
        : throw new NotSupportedException($"Only cells are stored, not {typeof(T).Name}.");
}
