#!/usr/bin/env bash
# Runs every target for $2 seconds with the executable $1 of cargo-fuzz, beginning with the seeds. New inputs go
# to a temporary folder, so that the seeds do not grow; an input that fails is kept in fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$(dirname "$1"):$PATH"
found=$(mktemp -d)
trap 'rm -r "$found"' EXIT
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/fuzz"

echo "vouch: building the fuzz targets (the first time about 5 minutes)"
# Without a sanitizer: unsafe code is forbidden here, and it would be a second build of everything.
cargo +nightly fuzz build --sanitizer none
for seeds in fuzz/seeds/*; do
  target=$(basename "$seeds")
  mkdir "$found/$target"
  cargo +nightly fuzz run --sanitizer none "$target" "$found/$target" "$seeds" -- \
    -seed=1 -max_total_time="$2" -timeout=5 -print_final_stats=1 > "$found/$target.log" 2>&1 || {
    cat "$found/$target.log"
    exit 1
  }
  echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$found/$target.log") inputs, none failed"
done
