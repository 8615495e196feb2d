#!/usr/bin/env python3
"""The training step of a small LLaMA in PyTorch, the yardstick for NasCluster's own. `-- training --peer` starts it; nobody else needs to.

torch_step.py DIRECTORY GRADIENTS THREADS

DIRECTORY holds config.json and model.safetensors in float32, tokens.json (sequences of equal length, inputs and targets in one) and
optimiser.json. At first the loss is printed and its gradients written to GRADIENTS as a safetensors file under the weights' names. Then
each line `gradients N` or `steps N` on standard input runs N forward and backward passes, the latter each with a step of AdamW, and is
answered by one line of JSON. Debian's python3-torch 1.13 is all it needs.
"""
import json
import math
import os
import sys
import time

import numpy
import torch
import torch.nn.functional as functional

def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", f"{name} is {entry['dtype']}; it must be F32"
        begin, end = entry["data_offsets"]
        tensors[name] = torch.from_numpy(numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy())
    return tensors


def write_safetensors(path, tensors):
    header, data, at = {}, [], 0
    for name, tensor in tensors.items():
        part = tensor.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + len(part)]}
        data.append(part)
        at += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        file.writelines(data)


class Llama(torch.nn.Module):
    """B sequences of T tokens; C channels, G groups of keys with R query heads each, D channels a head."""

    def __init__(self, config, weights, length):
        super().__init__()
        self.layers = config["num_hidden_layers"]
        self.groups = config["num_key_value_heads"]
        self.repeats = config["num_attention_heads"] // self.groups
        self.head = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
        self.epsilon = config["rms_norm_eps"]
        self.weights = {name: torch.nn.Parameter(tensor) for name, tensor in weights.items()}
        for name, parameter in self.weights.items():
            self.register_parameter(name.replace(".", "_"), parameter)
        frequencies = config["rope_theta"] ** (-torch.arange(0, self.head, 2, dtype=torch.float64) / self.head)
        angles = torch.arange(length, dtype=torch.float64)[:, None] * frequencies
        self.cosines = angles.cos().float()[:, None, :]                                              # T 1 D/2
        self.sines = angles.sin().float()[:, None, :]
        mask = torch.full((length, length), -math.inf).triu(1)
        self.mask = mask.repeat(self.repeats, 1)                                                     # RT T

    def norm(self, x, name):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.epsilon) * self.weights[name]

    def turn(self, x):
        a, b = x.chunk(2, -1)
        return torch.cat((a * self.cosines - b * self.sines, b * self.cosines + a * self.sines), -1)

    def attention(self, x, prefix):
        batch, length, _ = x.shape
        w = self.weights
        q = functional.linear(x, w[prefix + "q_proj.weight"]).view(batch, length, -1, self.head)
        k = functional.linear(x, w[prefix + "k_proj.weight"]).view(batch, length, -1, self.head)
        v = functional.linear(x, w[prefix + "v_proj.weight"]).view(batch, length, -1, self.head)
        # The query heads of a group are stacked into one matrix, so that keys and values need not be repeated.
        q = self.turn(q).transpose(1, 2).reshape(batch * self.groups, -1, self.head)                 # BG RT D
        k = self.turn(k).transpose(1, 2).reshape(batch * self.groups, length, self.head)             # BG T D
        v = v.transpose(1, 2).reshape(batch * self.groups, length, self.head)
        scores = torch.baddbmm(self.mask, q, k.transpose(1, 2), alpha=self.head ** -0.5)             # BG RT T
        mixed = torch.bmm(scores.softmax(-1), v).view(batch, -1, length, self.head)                  # B GR T D
        return functional.linear(mixed.transpose(1, 2).reshape(batch, length, -1), w[prefix + "o_proj.weight"])

    def mlp(self, x, prefix):
        w = self.weights
        gate = functional.silu(functional.linear(x, w[prefix + "gate_proj.weight"]))
        return functional.linear(gate * functional.linear(x, w[prefix + "up_proj.weight"]), w[prefix + "down_proj.weight"])

    def loss(self, inputs, targets):
        embedding = self.weights["model.embed_tokens.weight"]
        x = functional.embedding(inputs, embedding)                                                  # B T C
        for layer in range(self.layers):
            prefix = f"model.layers.{layer}."
            x = x + self.attention(self.norm(x, prefix + "input_layernorm.weight"), prefix + "self_attn.")
            x = x + self.mlp(self.norm(x, prefix + "post_attention_layernorm.weight"), prefix + "mlp.")
        logits = functional.linear(self.norm(x, "model.norm.weight"), self.weights.get("lm_head.weight", embedding))
        return functional.cross_entropy(logits.flatten(0, 1), targets.flatten())


def load(directory, name):
    with open(os.path.join(directory, name)) as file:
        return json.load(file)


def main(directory, gradients, threads):
    torch.set_num_threads(int(threads))
    tokens = torch.tensor(load(directory, "tokens.json"))
    inputs, targets = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()
    model = Llama(load(directory, "config.json"), read_safetensors(os.path.join(directory, "model.safetensors")), inputs.shape[1])
    settings = load(directory, "optimiser.json")
    matrices = [p for p in model.parameters() if p.dim() > 1]
    gains = [p for p in model.parameters() if p.dim() == 1]
    optimiser = torch.optim.AdamW(
        [{"params": matrices}, {"params": gains, "weight_decay": 0.0}],
        lr=settings["learning_rate"],
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
        weight_decay=settings["weight_decay"],
    )

    def step(with_optimiser):
        optimiser.zero_grad(set_to_none=True)
        loss = model.loss(inputs, targets)
        loss.backward()
        if with_optimiser:
            optimiser.step()
        return loss

    loss = step(False)
    write_safetensors(gradients, {name: parameter.grad for name, parameter in model.weights.items()})
    print(json.dumps({"version": torch.__version__, "losses": [loss.item()]}), flush=True)
    for line in sys.stdin:
        what, count = line.split()
        wall, processor = time.perf_counter(), time.process_time()
        losses = [step(what == "steps") for _ in range(int(count))]
        answer = {"seconds": time.perf_counter() - wall, "processor_seconds": time.process_time() - processor}
        print(json.dumps({**answer, "losses": [loss.item() for loss in losses]}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
