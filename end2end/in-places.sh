#!/usr/bin/env bash
# Runs a command of Playwright in every place where Vouch can run: on a file of SQLite, on PostgreSQL, and on two servers that
# share a PostgreSQL behind HAProxy. Where one is missing it says what was not run, and fails if CI is true.
#
#     VOUCH=… end2end/in-places.sh playwright test …
set -euo pipefail
with_postgres=$(dirname "$(realpath "$0")")/with-postgres.sh

VOUCH_TEST_PLACE=sqlite "$@"
VOUCH_TEST_PLACE=postgres "$with_postgres" "$@"

if ! command -v haproxy > /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
	echo "vouch: installing HAProxy for the tests (only once; a few seconds)" >&2
	apt-get update > /dev/null && apt-get install --yes haproxy > /dev/null
fi
if ! command -v haproxy > /dev/null; then
	echo "vouch: NOT RUN on two servers, because HAProxy is not installed (Debian: apt-get install haproxy): $*" >&2
	[ "${CI:-}" != true ] # the end, as a failure under CI
	exit
fi
VOUCH_TEST_PLACE=two-servers "$with_postgres" "$@"
