#!/usr/bin/env bash
# Fuzzes the API of the release executable $VOUCH from its own description: all endpoints and all checks, with a token and
# without. $1 is the number of cases for each endpoint; the other arguments are passed to the program $SCHEMATHESIS.
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
# From a file: Schemathesis does not test the address from which it loads a description.
curl --silent --show-error --fail "$url/schema/?format=json" > description.json
echo "vouch: fuzzing the API with a token"
fuzz "$@"
echo "vouch: fuzzing the API without a token"
FUZZ_ANONYMOUS=1 fuzz "$@"
