#!/usr/bin/env bash
# Measures the release executable named by $VOUCH on this machine: the bytes of a first load, and requests per second.
# /healthz is measured in the same run as the yardstick: the ratio to it holds on other machines, the numbers do not.
set -euo pipefail
command -v wrk > /dev/null || { echo "vouch: this needs wrk (Debian: apt-get install wrk)" >&2; exit 1; }

folder=$(mktemp -d)
cd "$folder"
VOUCH_LISTEN=127.0.0.1:0 VOUCH_LIMITS=relaxed VOUCH_SMS_DELAY_MS=0 VOUCH_LOG=warn "$VOUCH" > out.log &
server=$!
trap 'kill $server; wait $server || true; rm -r "$folder"' EXIT
until url=$(sed -n 's/^Vouch is at //p' out.log) && [ -n "$url" ]; do sleep 0.1; done

submit() { curl -sSL --fail -b jar -c jar -H 'Accept: text/html' "$url/api/$1" --data-urlencode "$2" --data-urlencode next=; }
code=$(submit login/request_code 'phone_number=+79123456789' | grep -oP 'simulated-sms">\D*\K\d+')
submit login/verify "code=$code" > profile.html
grep -q 'data-testid="invite-code"' profile.html
cookie=$(awk '$6 ~ /vouch/ { print $6 "=" $7 }' jar)

echo "First load, bytes on the wire (brotli):"
total=0
files=$(curl -sS "$url/login" | grep -oP '/pkg/[^"]+|/icon.svg' | sort -u)
for path in /login $files; do
  bytes=$(curl -sS -o /dev/null -w '%{size_download}' -H 'Accept-Encoding: br' "$url$path")
  total=$((total + bytes))
  printf '%10d  %s\n' "$bytes" "$path"
done
printf '%10d  in all\n' "$total"

rate() { wrk -t1 -c32 -d5s -H "Cookie: $cookie" -H 'Accept: text/html' "$url$1" | awk '/^Requests\/sec/ { print int($2) } /Non-2xx/ { exit 1 }'; }
echo "Requests per second (wrk, 1 thread, 32 connections, 5 s each, beside the server on this machine):"
yardstick=$(rate /healthz)
printf '%10d  /healthz\n' "$yardstick"
cookie_of_member=$cookie
for path in /login /profile; do
  # A member is led away from /login.
  [ $path = /login ] && cookie="none=1" || cookie=$cookie_of_member
  found=$(rate $path)
  printf '%10d  %-10s (%s of /healthz)\n' "$found" "$path" "$(awk "BEGIN { printf \"%.2f\", $found / $yardstick }")"
done
