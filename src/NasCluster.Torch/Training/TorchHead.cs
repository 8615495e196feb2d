using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>The output head of a network in training: losses of scored tokens and their gradients, a portion of logits at a time.</summary>
/// <param name="forward">Computes logits.</param>
/// <param name="parameters">The weights.</param>
/// <param name="logitValues">Logits held at once at most, one token's aside.</param>
internal sealed class TorchHead(TorchForward forward, TorchParameters parameters, long logitValues)
{
    /// <summary>The sum of the cross-entropies in nats of a pass's scored tokens.</summary>
    /// <param name="pass">Has gone forward.</param>
    /// <param name="record">Receives what the network expects: [scored, vocabulary], probabilities in float32; null to keep nothing.</param>
    public double Loss(TorchPass pass, Tensor? record)
    {
        using var none = no_grad();
        return Run(pass, record, (rows, target, _) =>
        {
            var logarithms = forward.Logits(rows).log_softmax(-1);
            return (logarithms, logarithms.gather(1, target).sum());
        });
    }

    /// <summary>As <see cref="Loss"/>; adds the gradients by the head's weights and begins the pass's way back.</summary>
    /// <param name="pass">Has gone forward.</param>
    /// <param name="record">As in <see cref="Loss"/>.</param>
    /// <param name="scale">Factor of the gradients of every token.</param>
    /// <param name="teacher">What the tokens' distributions are to be besides: [scored, vocabulary]; null for nothing.</param>
    /// <param name="softShare">The teacher's part of the loss, see <see cref="NasCluster.Llama.Training.LossTerms"/>.</param>
    /// <param name="gradients">Where they are added.</param>
    public double LossAndGradients(TorchPass pass, Tensor? record, float scale, Tensor? teacher, float softShare, TorchGradients gradients)
    {
        using var scope = NewDisposeScope();
        var soft = teacher is null ? 0f : softShare;
        var top = zeros_like(pass.Last).view(-1, pass.Last.shape[2]);
        var (norm, head) = (parameters.Tensors[parameters.Norm], parameters.Tensors[parameters.Head]);
        var loss = Run(pass, record, (chosen, target, first) =>
        {
            using var graph = enable_grad();
            var rows = chosen.detach();
            rows.requires_grad = true;
            var logarithms = forward.Logits(rows).log_softmax(-1);
            var own = logarithms.gather(1, target).sum();
            var objective = own * (-scale * (1 - soft));
            if (soft > 0)
            {
                objective -= (teacher!.narrow(0, first, target.shape[0]) * logarithms).sum() * (scale * soft);
            }

            var found = autograd.grad([objective], [rows, norm, head]);
            using var none = no_grad();
            top.index_copy_(0, pass.Batch.Rows.narrow(0, first, target.shape[0]), found[0]);
            gradients.Add(parameters.Norm, found[1]);
            gradients.Add(parameters.Head, found[2]);
            return (logarithms, own);
        });
        pass.Begin(top.view(pass.Last.shape));
        return loss;
    }

    private double Run(TorchPass pass, Tensor? record, Func<Tensor, Tensor, long, (Tensor Logarithms, Tensor Sum)> portion)
    {
        using var scope = NewDisposeScope();
        var stream = pass.Last.view(-1, pass.Last.shape[2]);
        var step = Math.Max(1, logitValues / parameters.Tensors[parameters.Head].shape[0]);
        var loss = 0.0;
        for (var first = 0L; first < pass.Batch.Scored; first += step)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(step, pass.Batch.Scored - first);
            var rows = stream.index_select(0, pass.Batch.Rows.narrow(0, first, count));
            var (logarithms, sum) = portion(rows, pass.Batch.Targets.narrow(0, first, count), first);
            loss -= sum.item<float>();
            if (record is not null)
            {
                using var none = no_grad();
                record.narrow(0, first, count).copy_(logarithms.exp());
            }
        }

        return loss;
    }
}
