#!/usr/bin/env bash
# Prints flags by which a compiler writes other folders into what it makes: /cargo for the sources of dependencies and
# /target for the folder $2, into which it builds. $1 is the name of the flag: --remap-path-prefix for rustc,
# -ffile-prefix-map for C.
set -euo pipefail
cd "$(dirname "$0")/.."
registry=${CARGO_HOME:-$HOME/.cargo}/registry/src
[ -d "$registry" ] || cargo fetch --quiet --locked
for sources in "$registry"/*; do
  echo -n "$1=$sources=/cargo "
done
echo "$1=$2=/target"
