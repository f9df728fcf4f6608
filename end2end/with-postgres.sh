#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own, which is deleted afterwards; VOUCH_TEST_POSTGRES is its URL. Where there is
# no PostgreSQL it says what was not run, and fails if CI is true.
#
#     end2end/with-postgres.sh cargo test …
set -euo pipefail
postgres=$(dirname "$(realpath "$0")")/postgres.sh

if ! "$postgres" bin > /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
	echo "vouch: installing PostgreSQL for the tests (only once; about a minute)" >&2
	apt-get update > /dev/null && apt-get install --yes postgresql > /dev/null
fi
if ! bin=$("$postgres" bin); then
	echo "vouch: NOT RUN, because PostgreSQL is not installed (Debian: apt-get install postgresql): $*" >&2
	[ "${CI:-}" != true ] # the end, as a failure under CI
	exit
fi

# Not below a folder that only root may enter.
folder=$(mktemp -d)
"$postgres" init "$folder"
# What tests write need not survive a loss of power. A bench measures with FSYNC=on.
"$postgres" run "$folder" -c fsync="${FSYNC:-off}" &
server=$!
trap 'kill -INT $server; wait $server || true; rm -rf "$folder"' EXIT
until "$bin/pg_isready" --quiet --host="$folder" --username=postgres; do
	kill -0 $server || exit 1
	sleep 0.1
done
export PATH="$bin:$PATH" VOUCH_TEST_POSTGRES="postgres://postgres@localhost/postgres?host=$folder"
"$@"
