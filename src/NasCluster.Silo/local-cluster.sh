#!/usr/bin/env bash
# A cluster on this machine: two silos that run searches and evaluate on the CPU, with their state in memory. Ctrl-C ends it.
#
#   bash src/NasCluster.Silo/local-cluster.sh [DIR]      DIR: a directory of super-networks to mount
#
# In another terminal: dotnet run -c Cluster --project src/NasCluster.Client -- search start -f search.yaml --watch
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
models=${1:+$(cd "$1" && pwd)}

dotnet build src/NasCluster.Silo -c Cluster -v quiet --nologo
silo=src/NasCluster.Silo/bin/Cluster/net10.0/nas-silo
threads=$(( ($(nproc) + 1) / 2 ))
silos=()
trap 'kill "${silos[@]}" 2> /dev/null; wait' EXIT

# start N: the first silo is the one the second joins; ports count up from it.
start() {
  "$silo" --NasCluster:SiloPort=$((11111 + $1)) --NasCluster:GatewayPort=$((30000 + $1)) --NasCluster:HttpPort=$((8080 + $1)) \
    --NasCluster:Evaluator:Threads="$threads" ${models:+--NasCluster:SuperNetworks:Directory="$models"} &
  silos+=($!)
  until curl --silent --fail --output /dev/null "http://127.0.0.1:$((8080 + $1))/health/ready"; do
    kill -0 "${silos[-1]}" 2> /dev/null || { echo "Silo $1 has ended." >&2; exit 1; }
    sleep 0.5
  done
}

start 0
start 1
echo "Two silos are ready: gateways 127.0.0.1:30000 and :30001, health and metrics on http://127.0.0.1:8080 and :8081."
wait -n "${silos[@]}"
