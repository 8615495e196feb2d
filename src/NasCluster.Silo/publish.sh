#!/usr/bin/env bash
# What the Dockerfiles and layout.sh put into an image: a program and all it needs besides .NET, for Linux.
#
#   bash src/NasCluster.Silo/publish.sh PROJECT DIR [--arch amd64|arm64] [-p:NAME=VALUE ...]
#
# Without Torch's native library, half a gigabyte, unless -p:Torch=cuda (or cpu) asks for it.
set -euo pipefail
project=${1:?"usage: publish.sh PROJECT DIR [--arch ARCH] [-p:NAME=VALUE ...]"}
out=${2:?"usage: publish.sh PROJECT DIR [--arch ARCH] [-p:NAME=VALUE ...]"}
shift 2
arch=$(uname -m)
if [[ ${1:-} == --arch ]]; then
  arch=${2:?"--arch needs one of amd64, arm64"}
  shift 2
fi

case $arch in
  amd64 | x86_64) arch=x64 ;;
  arm64 | aarch64) arch=arm64 ;;
  *) echo "publish.sh: no images are made for '$arch'; amd64 and arm64 are." >&2; exit 1 ;;
esac

out=$(mkdir -p "$out" && cd "$out" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet publish "$project" -c Cluster --os linux --arch "$arch" --no-self-contained --output "$out" --nologo -v quiet -p:Torch=none "$@"
# Documentation and symbols are for who builds, not for who runs.
find "$out" -maxdepth 1 \( -name 'NasCluster.*.xml' -o -name 'nas*.xml' -o -name '*.pdb' \) -delete
