#!/usr/bin/env bash
# Runs the executable $1 alone in an empty root folder, as a user without rights: it serves, stops at SIGTERM, and says what
# is missing when it has to send messages.
set -euo pipefail
executable=$(realpath "$1") here=$(cd "$(dirname "$0")" && pwd)
# In CI as root, if that needs no password.
if [ "$(id -u)" != 0 ] && [ -n "${CI-}" ] && sudo --non-interactive true 2> /dev/null; then
  exec sudo --non-interactive CI="$CI" "$here/$(basename "$0")" "$@"
fi
fail() { echo "vouch: $*" >&2; exit 1; }

root=$(mktemp -d)
trap 'kill ${server-} 2> /dev/null || true; rm -r "$root"' EXIT
install -m 755 "$executable" "$root/vouch"
if [ "$(id -u)" = 0 ]; then
  chown 65532:65532 "$root"
  alone=("$(command -v chroot)" --userspec=65532:65532 "$root")
else
  alone=("$(command -v unshare)" --map-user=65532 --map-group=65532 --root="$root")
fi
if ! "${alone[@]}" /vouch --version > /dev/null; then
  [ -z "${CI-}" ] || fail "this user may not change the root folder, so the executable was not run alone"
  echo "vouch: the executable was NOT RUN alone: only root and users with namespaces of their own can do that" >&2
  exit 0
fi

version=$("${alone[@]}" /vouch --version)
[[ $version =~ ^vouch\ [0-9.]+(\ \([0-9a-f]{10}(-dirty)?,\ [0-9]{4}-[0-9]{2}-[0-9]{2}\))?$ ]] || fail "--version printed: $version"
[[ $version == *\(* || ! -e $here/../../.git ]] || fail "--version names no commit: $version"

start=$(date +%s%N)
env -i VOUCH_LISTEN=127.0.0.1:0 VOUCH_SMS_DELAY_MS=0 "${alone[@]}" /vouch > "$root/out.log" 2> "$root/err.log" &
server=$!
until url=$(sed -n 's/^Vouch is at //p' "$root/out.log") && [ -n "$url" ]; do
  kill -0 $server 2> /dev/null || fail "it did not start alone: $(cat "$root/err.log")"
  sleep 0.02
done
echo "vouch: $version starts alone in $((($(date +%s%N) - start) / 1000000)) ms"
"$here/journey.sh" "$url" || fail "the journey failed: $(cat "$root/err.log")"
kill -TERM $server
wait $server || fail "it ended with $? after SIGTERM: $(cat "$root/err.log")"

# For real messages it needs certificates, and says so; with them it starts.
gateway=(env -i VOUCH_LISTEN=127.0.0.1:0 VOUCH_SMS=smsru SMSRU_API_ID=none "${alone[@]}" /vouch)
refusal=$("${gateway[@]}" 2>&1) && fail "it started with a gateway and without certificates"
grep --quiet SSL_CERT_FILE <<< "$refusal" || fail "without certificates it said: $refusal"
certificates=etc/ssl/certs/ca-certificates.crt
if [ -e /$certificates ]; then
  install -D -m 644 /$certificates "$root/$certificates"
  "${gateway[@]}" > "$root/out.log" 2> "$root/err.log" &
  server=$!
  for _ in {1..250}; do
    ! grep --quiet '^Vouch is at ' "$root/out.log" || break
    sleep 0.02
  done
  grep --quiet '^Vouch is at ' "$root/out.log" || fail "it did not start with certificates: $(cat "$root/err.log")"
  kill -TERM $server
  wait $server
fi
echo "vouch: the executable runs alone"
