#!/usr/bin/env bash
# Logs in at the server $1 with simulated SMS, and reads a profile, a page and a built file.
set -euo pipefail
url=$1 json='Content-Type: application/json' phone='{"phone_number": "+7 912 345-67-89"'
get() { curl --silent --show-error --fail --max-time 20 "$@"; }

code=$(get "$url/get_code/" -H "$json" -d "$phone}" | cut -d '"' -f 4)
access=$(get "$url/authorize/" -H "$json" -d "$phone, \"code\": \"$code\"}" | cut -d '"' -f 4)
get "$url/profile/" -H "Authorization: Bearer $access" | grep --quiet '"+79123456789"'
page=$(get "$url/login")
grep --quiet 'name="phone_number"' <<< "$page"
# A name with a hash comes from a release build of the files for the browser, which are compressed.
file=$(grep --only-matching --max-count 1 '/pkg/vouch\.[A-Za-z0-9_-]\{22\}\.js' <<< "$page" | head -1)
get "$url$file" -H 'Accept-Encoding: br' --output /dev/null --dump-header - | grep --quiet --ignore-case '^content-encoding: br'
get "$url/readyz" > /dev/null
