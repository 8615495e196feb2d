namespace NasCluster.Llama.Training;

/// <summary>Looks at one layer after its forward pass; none of it may be changed, nor looked at later.</summary>
/// <param name="shape">How activations lie.</param>
/// <param name="layer">Its number.</param>
/// <param name="input">The residual stream before it [panels][hidden, padded][32].</param>
/// <param name="kept">What it computed on the way.</param>
/// <param name="output">The residual stream after it.</param>
internal unsafe delegate void LayerObserver(TrainingShape shape, int layer, float* input, LayerActivations kept, float* output);
