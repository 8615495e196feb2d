#!/usr/bin/env bash
# Makes the super-network in this folder again: the text, a new network, ordinary training, and fine-tuning into a super-network.
#
#   bash src/NasCluster.Local/Models/small-world/reproduce.sh DIR
#
# About 63 minutes of processor time in 2 threads. Stop or kill it at any time: the same command goes on where it was. Every random choice comes from the
# seeds below, and neither threads nor the width of vectors change a bit; the end compares the weights with those of this folder.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:?"usage: reproduce.sh DIR"}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here/../../../.."
dotnet build src/NasCluster.Local -c Release -v quiet --nologo
nas=src/NasCluster.Local/bin/Release/net10.0/nas

[ -d "$out/world" ] || "$nas" world --out "$out/world" --seed 1 --tokens 8000000
[ -d "$out/start" ] || "$nas" init --tokenizer "$out/world/tokenizer.model" --layers 8 --hidden 192 --mlp 512 --heads 6 --kv-heads 3 \
  --context 128 --seed 1 --out "$out/start"

data=(--data "$out/world/train.txt" --held-out "$out/world/valid.txt" --separator '<|endoftext|>' --beta2 0.98)

# Ordinary training on the whole text.
"$nas" train --model "$out/start" "${data[@]}" --held-out-tokens 16384 --batch-tokens 2048 --steps 4000 --learning-rate 1.5e-3 --warm-up 200 \
  --report-every 100 --seed 1 --out "$out/base"

# Fine-tuning on the answers to questions: the largest, the smallest and two random sub-networks in every step, taught by the largest.
"$nas" train --model "$out/base/model" "${data[@]}" --answer-mark 'Answer:' --held-out-tokens 2000 --batch-tokens 4096 \
  --set 'space.depth=[2,3,4,5,6,7,8]' --set 'space.mlp=[0.125,0.25,0.5,1.0]' --sampling sandwich --true-share 0.5 --importance 256 \
  --steps 700 --learning-rate 3e-4 --warm-up 20 --final-rate 0.05 --report-every 25 --seed 2 --weights float16 --out "$out/super"

cmp "$out/super/model/model.safetensors" "$here/model.safetensors" && echo "The weights are those of $here, byte for byte."
