#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own, which is deleted afterwards; VOUCH_TEST_POSTGRES is its URL. Where there is
# no PostgreSQL it says what was not run, and fails if CI is true.
#
#     end2end/with-postgres.sh cargo test …
set -euo pipefail

programs() { # the newest installed version
	local found
	found=$(pg_config --bindir 2> /dev/null || true)
	[ -x "$found/initdb" ] || found=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -1)
	[ -x "$found/initdb" ] && echo "$found"
}

bin=$(programs || true)
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
	echo "vouch: installing PostgreSQL for the tests (only once; about a minute)" >&2
	apt-get update > /dev/null && apt-get install --yes postgresql > /dev/null
	bin=$(programs || true)
fi
if [ -z "$bin" ]; then
	echo "vouch: NOT RUN, because PostgreSQL is not installed (Debian: apt-get install postgresql): $*" >&2
	[ "${CI:-}" != true ] # the end, as a failure under CI
	exit
fi

folder=$(mktemp -d)
# PostgreSQL refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
	chown postgres "$folder"
	as=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
fi
# Connections need no password: nobody else reaches the socket in this folder.
"${as[@]}" "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 > "$folder/initdb.log" \
	|| { cat "$folder/initdb.log" >&2; exit 1; }
# What is written need not survive a loss of power here.
"${as[@]}" "$bin/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync="${VOUCH_TEST_FSYNC:-off}" \
	-c max_connections=300 -c log_min_messages=fatal > "$folder/log" 2>&1 &
server=$!
trap 'kill -INT $server; wait $server || true; rm -rf "$folder"' EXIT
until "$bin/pg_isready" --quiet --host="$folder"; do
	kill -0 $server 2> /dev/null || { cat "$folder/log" >&2; exit 1; }
	sleep 0.1
done
VOUCH_TEST_POSTGRES="postgres://postgres@localhost/postgres?host=$folder" "$@"
