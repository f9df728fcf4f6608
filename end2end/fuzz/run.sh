#!/usr/bin/env bash
# Fuzzes the API of the release executable named by $VOUCH from its own description: all endpoints, all checks, with a
# token and without. $1 is how many cases each endpoint gets, $SCHEMATHESIS the program that makes them; other arguments
# are handed on to it.
set -euo pipefail
hooks=$(cd "$(dirname "$0")" && pwd)
source "$hooks/../serve.sh"

export FUZZ_URL=$url FUZZ_ADMIN=+79120000001 SCHEMATHESIS_HOOKS=hooks PYTHONPATH=$hooks
cases=$1
shift
fuzz() {
  "$SCHEMATHESIS" --config-file "$hooks/schemathesis.toml" run description.json --url "$url" --checks all --max-examples "$cases" \
    --max-failures 20 --continue-on-failure --generation-database none "$@"
}
"$VOUCH" admin grant "$FUZZ_ADMIN" > /dev/null
# From a file: Schemathesis leaves out the address that it loaded a description from.
curl --silent --show-error --fail "$url/schema/?format=json" > description.json
echo "vouch: fuzzing the API with a token"
fuzz "$@"
echo "vouch: fuzzing the API without a token"
FUZZ_ANONYMOUS=1 fuzz "$@"
