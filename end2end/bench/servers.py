"""`make bench-servers`: one server on SQLite, one on PostgreSQL, and two on PostgreSQL behind HAProxy, in turns. SCALING.md explains it.

    servers.py VOUCH FOLDER

VOUCH is the release executable, and FOLDER where databases and bench-servers.json are written. VOUCH_TEST_POSTGRES is the URL of
a PostgreSQL server that writes to its disk; with-postgres.sh sets it.
"""

import json
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from bench import COMPARED, RUSSIANS, SECONDS, Page, guess, rounded
from service import BenchError, Client, Guesses, Member, vouch

ROUNDS = 3
CONFIGURATION = Path(__file__).parents[2] / "docs" / "haproxy.cfg"


class Place:
    """One server or several, as a visitor sees them."""

    def __init__(self, name, servers, host):
        self.name = name
        self.servers = servers
        self.host = host
        self.url = f"http://{host}"

    def cpu_seconds(self):
        return sum(server.cpu_seconds() for server in self.servers)


def main(executable, folder):
    folder = Path(folder).absolute()
    scratch = folder / "bench-servers"
    shutil.rmtree(scratch, ignore_errors=True)
    with ExitStack() as stack:
        places = [
            on_sqlite(stack, executable, scratch),
            on_postgres(stack, executable, scratch, 1),
            on_postgres(stack, executable, scratch, 2),
        ]
        results = {}
        print(f"Requests per second, the median of {ROUNDS} turns of {SECONDS} s (wrk, PostgreSQL and HAProxy on the same machine):")
        print(f"{'':30}{'conn.':>6}" + "".join(f"{place.name:>26}" for place in places))
        for name, title, connections, measure in measurements(places):
            measure_in_turns(results, places, name, title, connections, measure)
    (folder / "bench-servers.json").write_text(json.dumps(rounded(results), indent=2) + "\n")
    shutil.rmtree(scratch)


def on_sqlite(stack, executable, scratch):
    server = stack.enter_context(vouch(executable, scratch / "sqlite"))
    return Place("one on SQLite", [server], server.host)


def on_postgres(stack, executable, scratch, count):
    name = f"bench_{secrets.token_hex(6)}"
    database = os.environ["VOUCH_TEST_POSTGRES"]
    psql(database, f"CREATE DATABASE {name}")
    stack.callback(psql, database, f"DROP DATABASE {name} WITH (FORCE)")
    settings = {
        "VOUCH_DATABASE_URL": database.replace("/postgres?", f"/{name}?"),
        "VOUCH_SECRET": secrets.token_hex(32),
        # HAProxy appends the address of wrk.
        "VOUCH_TRUSTED_HOPS": str(count),
    }
    servers = [stack.enter_context(vouch(executable, scratch / f"{name}-{number}", **settings)) for number in range(count)]
    if count == 1:
        return Place("one on PostgreSQL", servers, servers[0].host)
    host = f"127.0.0.1:{free_port()}"
    addresses = {"VOUCH_PROXY": host, "VOUCH_ONE": servers[0].host, "VOUCH_TWO": servers[1].host}
    proxy = subprocess.Popen(["haproxy", "-db", "-f", CONFIGURATION], env=os.environ | addresses, stderr=subprocess.DEVNULL)
    stack.callback(proxy.wait)
    stack.callback(proxy.terminate)
    place = Place("two behind HAProxy", servers, host)
    wait_until_found(place)
    return place


def wait_until_found(place):
    """HAProxy looks every half second."""
    for _ in range(100):
        try:
            if Client(place).send("GET", "/readyz")[0] == 200:
                time.sleep(1)
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise BenchError("HAProxy found no server")


def psql(url, sql):
    subprocess.run(["psql", "--quiet", "--no-psqlrc", url, "--command", sql], check=True, stderr=subprocess.DEVNULL)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def measurements(places):
    """Each with its name, title, connections, and a function that measures it at a place."""
    html, as_json = {"Accept": "text/html"}, {"Accept": "application/json"}
    members, guesses = {}, {}
    for place in places:
        members[place.name] = Member(place, "+79123456789")
        members[place.name].invite(place, RUSSIANS)
        guesses[place.name] = Guesses(place)

    def page(name, title, path, headers):
        def measure(place):
            one = Page(name, title, path, headers(members[place.name]))
            head, body = one.fetch(place)
            one.size = len(body) + sum(len(key) + len(value) + 4 for key, value in head)
            return one.measure(place, path, COMPARED)

        return name, title, COMPARED, measure

    expected = {place.name: 3000 for place in places}

    def wrong_code(place):
        guesses[place.name].prepare(int(expected[place.name] * SECONDS * 1.5))
        found = guess(guesses[place.name], 64)
        expected[place.name] = max(expected[place.name], found.per_second)
        return found

    return [
        page("login", "/login", "/login", lambda _: html),
        page("profile", "/profile, 20 invitees", "/profile", lambda member: html | {"Cookie": member.cookie}),
        page("json", "JSON /profile/, 20 invitees", "/profile/", lambda member: as_json | {"Authorization": f"Bearer {member.token}"}),
        ("wrong_code", "a wrong code", 64, wrong_code),
    ]


def measure_in_turns(results, places, name, title, connections, measure):
    turns = [[measure(place) for place in places] for _ in range(ROUNDS)]
    line = f"{title:30}{connections:6}"
    for number, place in enumerate(places):
        taken = sorted((turn[number] for turn in turns), key=lambda one: one.per_second)[ROUNDS // 2]
        ratio = statistics.median(turn[number].per_second / turn[0].per_second for turn in turns)
        line += f"{taken.per_second:11,.0f}{ratio:6.2f}{taken.cpu:6.0f} µs"
        results.setdefault(name, {})[place.name] = {"per_second": taken.per_second, "ratio": ratio, "cpu": taken.cpu, "p99": taken.p99}
    print(line, flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BenchError as error:
        sys.exit(f"bench: {error}")
