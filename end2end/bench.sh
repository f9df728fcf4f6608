#!/usr/bin/env bash
# Measures the release executable $VOUCH on this machine: the bytes of the first load, and requests per second. The ratio
# to /healthz, measured in the same run, can be compared between machines; the numbers themselves cannot.
set -euo pipefail
command -v wrk > /dev/null || { echo "vouch: wrk is missing (Debian: apt-get install wrk)" >&2; exit 1; }

source "$(dirname "$0")/serve.sh"

submit() { curl -sSL --fail -b jar -c jar -H 'Accept: text/html' -H 'Sec-Fetch-Site: same-origin' "$url/api/$1" --data-urlencode "$2" --data-urlencode next=; }
code=$(submit login/request_code 'phone_number=+79123456789' | grep -oP 'simulated-sms">\D*\K\d+')
submit login/verify "code=$code" > profile.html
grep -q 'data-testid="invite-code"' profile.html
cookie=$(awk '$6 == "vouch" { print $6 "=" $7 }' jar)

call() { curl -sS --fail --json "$2" "$url$1"; }
code=$(call /get_code/ '{"phone_number": "+79123456780"}' | grep -oP '"code":"\K\d+')
access=$(call /authorize/ "{\"phone_number\": \"+79123456780\", \"code\": \"$code\"}" | grep -oP '"access":"\K[^"]+')
invite_code=$(grep -oP 'data-testid="invite-code"[^>]*>\K\w+' profile.html)

# A full page of invitees, from 19 countries: their numbers are formatted in 19 ways.
invite() {
  local code token
  code=$(call /get_code/ "{\"phone_number\": \"$1\"}" | grep -oP '"code":"\K\d+')
  token=$(call /authorize/ "{\"phone_number\": \"$1\", \"code\": \"$code\"}" | grep -oP '"access":"\K[^"]+')
  curl -sS --fail -o /dev/null -H "Authorization: Bearer $token" --json "{\"invite_code\": \"$invite_code\"}" "$url/implement_invite/"
}
invitees=(+14155552671 +442079460000 +33612345678 +4915123456789 +390236618300 +34612345678 +48512345678 +380671234567
  +905321234567 +919812345678 +8613812345678 +819012345678 +821012345678 +5511912345678 +525512345678 +61412345678
  +27821234567 +201001234567 +31612345678 +79123456782)

echo "First load, bytes transferred (brotli):"
total=0
files=$(curl -sS "$url/login" | grep -oP '/pkg/[^"]+|/icon.svg' | sort -u)
# The files that the JavaScript imports at once; the code of the admin pages is loaded only on those pages.
for script in $(grep '\.js$' <<< "$files"); do
  files+=$(curl -sS --compressed "$url$script" | grep -oP '"\./\K__wasm_split[^"]+\.js' | sort -u | sed 's|^|\n/pkg/|')
done
for path in /login $files; do
  bytes=$(curl -sS -o /dev/null -w '%{size_download}' -H 'Accept-Encoding: br' "$url$path")
  total=$((total + bytes))
  printf '%10d  %s\n' "$bytes" "$path"
done
printf '%10d  total\n' "$total"

rate() { wrk -t1 -c32 -d5s -H "$2" -H "Accept: $3" "$url$1" | awk '/^Requests\/sec/ { print int($2) } /Non-2xx/ { exit 1 }'; }
compare() {
  local found
  found=$(rate "$@")
  printf '%10d  %-10s (%s × /healthz)\n' "$found" "$1" "$(awk "BEGIN { printf \"%.3f\", $found / $healthz }")"
}
echo "Requests per second (wrk on the same machine: 1 thread, 32 connections, 5 s each):"
healthz=$(rate /healthz 'Cookie: none=1' '*/*')
printf '%10d  /healthz\n' "$healthz"
compare /login 'Cookie: none=1' text/html
compare /profile "Cookie: $cookie" text/html
compare /profile/ "Authorization: Bearer $access" application/json
for phone in "${invitees[@]}"; do invite "$phone"; done
curl -sS -H "Cookie: $cookie" -H 'Accept: text/html' "$url/profile" | grep -o 'data-testid="invitee"' | grep -c . | grep -qx 20
echo "The same with 20 invitees from 19 countries:"
compare /profile "Cookie: $cookie" text/html
