#!/usr/bin/env bash
# Checks what is shipped, without running it: the executable $1, and beside it its checksum, its bill of materials and the
# licences. $2 is the folder in which it was compiled.
set -euo pipefail
executable=$1 target=$2
fail() { echo "vouch: $*" >&2; exit 1; }

(cd "$(dirname "$executable")" && sha256sum --check --quiet "$(basename "$executable").sha256")
! readelf --program-headers "$executable" | grep --quiet INTERP || fail "the executable needs libraries of the system"
[ -z "$(nm "$executable" 2> /dev/null)" ] || fail "the executable is not stripped"
# Of the machine that compiled it, nothing is in it.
for folder in /registry/src/ "$target/" "$HOME/."; do
  found=$(strings -n 8 "$executable" "$executable.cdx.json" | grep --fixed-strings --max-count 3 "$folder") || continue
  fail "a path of this machine is shipped: $found"
done
python3 -B - "$executable" << 'END'
import hashlib, json, sys
bom = json.load(open(sys.argv[1] + ".cdx.json"))
names = {component["name"] for component in bom["components"]}
assert {"axum", "leptos", "aws-lc-sys", "libsqlite3-sys"} <= names, "the bill of materials lacks a part of the server"
assert not {"insta", "tempfile", "cc", "leptos_macro"} & names, "the bill of materials names what is not shipped"
assert all(component["licenses"] and component["hashes"] for component in bom["components"])
hash = hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()
assert bom["metadata"]["component"]["hashes"][0]["content"] == hash, "the bill of materials is of another executable"
END
for library in mimalloc aws-lc-sys libsqlite3-sys leptos; do
  grep --quiet "^$library [0-9.]* (" "$executable.licences.txt" || fail "the licence of $library is missing"
done
echo "vouch: $(basename "$executable"), $(($(stat -c %s "$executable") / 1000000)) MB: checksum, linkage and bill of materials are right"
