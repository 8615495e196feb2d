#!/usr/bin/env bash
# Does what the Dockerfiles do where no container engine runs: publishes a program, lays its image out in DIR, and runs it as Kubernetes would: as the
# image's user, without rights, on a root file system that is read-only but for DIR/tmp and DIR/cache. The options after -- are the program's.
#
#   bash src/NasCluster.Silo/layout.sh lay PROJECT DIR         PROJECT: src/NasCluster.Silo, src/NasCluster.Client or src/NasCluster.Local
#   sudo bash src/NasCluster.Silo/layout.sh run DIR -- OPTIONS  needs root, to become another user
set -euo pipefail
user=1654
usage="usage: layout.sh lay PROJECT DIR | layout.sh run DIR -- OPTIONS"

lay() {
  local project=${1:?"$usage"} directory=${2:?"$usage"}
  bash "$(dirname "${BASH_SOURCE[0]}")/publish.sh" "$project" "$directory/app"
  mkdir -p "$directory/tmp" "$directory/cache"
  # As in the image: files of root that others can read.
  chmod -R u=rwX,go=rX "$directory"
}

run() {
  local directory=${1:?"$usage"} program=
  shift
  [[ ${1:-} == -- ]] && shift
  directory=$(cd "$directory" && pwd)
  for candidate in nas-silo nasctl nas; do
    [[ -x $directory/app/$candidate ]] && program=$directory/app/$candidate && break
  done

  [[ -n $program ]] || { echo "layout.sh: $directory/app has no program; 'layout.sh lay' puts one there." >&2; exit 1; }
  [[ $(id -u) == 0 ]] || { echo "layout.sh: only root can become user $user." >&2; exit 1; }
  chown "$user:$user" "$directory/tmp" "$directory/cache"
  # PATH: where dotnet is; else only what the image sets. No capability stays, none can be had again.
  cd "$directory/app"
  local command=(env -i PATH="$PATH" DOTNET_ROOT="${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}" DOTNET_EnableDiagnostics=0
    TMPDIR="$directory/tmp" NasCluster__SuperNetworks__CacheDirectory="$directory/cache"
    setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$program" "$@")
  if ! unshare --mount true 2> /dev/null; then
    echo "layout.sh: this machine lets nobody mount; the root stays writable to whom it was." >&2
    exec "${command[@]}"
  fi

  # In mounts of its own: the two directories as they are, the root beneath them read-only.
  exec unshare --mount bash -c '
    set -e
    mount --bind "$1/tmp" "$1/tmp"
    mount --bind "$1/cache" "$1/cache"
    mount -o remount,bind,ro /
    shift
    exec "$@"' layout "$directory" "${command[@]}"
}

case ${1:-} in
  lay) shift; lay "$@" ;;
  run) shift; run "$@" ;;
  *) echo "$usage" >&2; exit 1 ;;
esac
