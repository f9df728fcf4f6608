#!/usr/bin/env bash
# A PostgreSQL server for tests, in a folder of its own. It is reached by a socket in this folder:
# postgres://postgres@localhost/postgres?host=FOLDER
#
#     postgres.sh bin             where the programs of PostgreSQL are; fails if there are none
#     postgres.sh init FOLDER     makes the folder
#     postgres.sh run FOLDER …    runs the server, with more options, until it is told to stop by a signal
set -euo pipefail

bin() { # of the newest installed version
	local found
	found=$(pg_config --bindir 2> /dev/null || true)
	[ -x "$found/initdb" ] || found=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -1)
	[ -x "$found/initdb" ] && echo "$found"
}

# PostgreSQL refuses to run as root.
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=postgres --regid=postgres --clear-groups --)

case $1 in
bin) bin ;;
init)
	mkdir -p "$2"
	[ "$(id -u)" != 0 ] || chown postgres "$2"
	# Connections need no password, because nobody else reaches the socket.
	chmod 700 "$2"
	"${as[@]}" "$(bin)/initdb" --pgdata="$2/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 > /dev/null
	;;
run)
	folder=$2
	exec "${as[@]}" "$(bin)/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=300 \
		"${@:3}" 2> "$folder/log"
	;;
esac
