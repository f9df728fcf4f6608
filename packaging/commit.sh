#!/usr/bin/env bash
# Prints the commit of the sources and its date, as in `2f15430abc, 2026-11-28`; `-dirty` follows the commit if a file was
# changed since. Prints nothing where the sources are no clone of a repository: a repository around them is another one.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -e .git ] || exit 0
commit=$(git describe --always --exclude '*' --abbrev=10 --dirty)
echo "$commit, $(TZ=UTC git log -1 --format=%cd --date=format-local:%F)"
