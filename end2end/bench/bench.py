"""`make bench`: how fast the release executable is, beside what the machine can do at most. docs/performance.md explains it.

    bench.py VOUCH LIMIT FOLDER

VOUCH is the release executable, LIMIT that of ./limit, and FOLDER where databases and bench.json are written.
"""

import json
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import load
from service import BenchError, Client, Guesses, Member, Process, vouch

CONNECTIONS = [1, 8, 32, 256]
# The ratios are those of this many connections: there Vouch and its limit take turns.
COMPARED = 32
ROUNDS = 3
SECONDS = 3

RUSSIANS = [f"+7912{number:07}" for number in range(3_450_000, 3_450_020)]
# Each of the 19 countries writes numbers in another way.
FOREIGNERS = """
    +14155552671 +442079460000 +33612345678 +4915123456789 +390236618300 +34612345678 +48512345678 +380671234567
    +905321234567 +919812345678 +8613812345678 +819012345678 +821012345678 +5511912345678 +525512345678 +61412345678
    +27821234567 +201001234567 +31612345678 +79123456782""".split()


@dataclass
class Page:
    """Something that is requested over and over."""

    name: str
    title: str
    path: str
    headers: dict
    session: bytes = b""  # the hash of the session whose member it shows
    size: int = 0  # of the answer, with its head

    def limit(self):
        return f"/sql/{self.name}" if self.session else f"/bare/{self.name}"

    def capture(self, server, folder):
        """Keeps an answer, for the limit to answer with."""
        head, body = self.fetch(server)
        own = ("content-length", "transfer-encoding", "date", "connection")
        lines = [f"{name}: {value}\n" for name, value in head if name.lower() not in own]
        (folder / f"{self.name}.head").write_text("".join(lines))
        (folder / f"{self.name}.body").write_bytes(body)
        if self.session:
            (folder / f"{self.name}.session").write_bytes(self.session)
        self.size = len(body) + sum(len(name) + len(value) + 4 for name, value in head)

    def fetch(self, server, path=None):
        status, head, body = Client(server).send("GET", path or self.path, self.headers)
        if status != 200:
            raise BenchError(f"{path or self.path} was answered with {status} instead of 200")
        return head, body

    def measure(self, server, path, connections, seconds=SECONDS):
        """Fails if any answer was refused, or if the answers have not the size of the right one."""
        self.fetch(server, path)
        found = load.run(server, path, connections, seconds, self.headers)
        self.fetch(server, path)
        if found.found["refused"]:
            raise BenchError(f"{found.found['refused']} answers of {path} were errors")
        mean = found.found["bytes"] / found.requests
        # Answers that were under way when the time was over have bytes, but are not counted.
        if abs(mean - self.size) > self.size * (0.1 + connections / found.requests):
            raise BenchError(f"answers of {path} have {mean:.0f} bytes on average, and the right one has {self.size}")
        return found


def main(executable, limit, folder):
    folder = Path(folder).absolute()
    scratch = folder / "bench-run"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    results = {}
    figures = []
    print(f"Requests per second (wrk on the same machine, with one thread; {SECONDS} s each):")
    print_head("limit")
    measure_pages(executable, limit, scratch / "pages", results, figures)
    print()
    print("Wrong codes per second, each on disk before it is answered; the limit inserts one row at a time:")
    print_head("inserts")
    measure_wrong_codes(executable, limit, scratch / "wrong-codes", results, figures)
    print()
    print("Bytes of the first load of /login, as a browser gets them:")
    for path, size in results["first_load"].items():
        print(f"{size:10,}  {path}")
    print(f"{results['first_load_bytes']:10,}  in all")
    print()
    for name, memory in results["resident_mb"].items():
        print(f"{memory:10.0f}  MB resident after {name}")
    print(f"{results['start_ms']:10.0f}  ms from the start to the first answer")
    results["rss_mb"] = max(results["resident_mb"].values())
    results["figures"] = figures
    (folder / "bench.json").write_text(json.dumps(rounded(results), indent=2) + "\n")
    shutil.rmtree(scratch)


def measure_pages(executable, limit, folder, results, figures):
    with vouch(executable, folder) as server:
        results["start_ms"] = server.milliseconds_to_start
        pages = pages_of(server)
        answers = folder / "answers"
        answers.mkdir()
        for page in pages:
            page.capture(server, answers)
        results["first_load"] = first_load(server, pages[0])
        results["first_load_bytes"] = sum(results["first_load"].values())
        results["resident_mb"] = {"44 logins": server.resident_mb()}
        with Process([limit, "serve", str(answers), str(folder / "vouch.db")], folder / "limit") as its_limit:
            for page in pages:
                page.measure(server, page.path, COMPARED, 1)  # not counted: it fills caches
                for connections in CONNECTIONS:
                    figure = compare(page, server, its_limit, connections)
                    figures.append(figure)
                    print_figure(figure)
                    if connections == COMPARED:
                        results[f"{page.name}_ratio"] = figure["ratio"]
        results["resident_mb"]["pages and API"] = server.resident_mb()


def pages_of(server):
    inviter = Member(server, "+79123456789")
    inviter.invite(server, RUSSIANS)
    traveller = Member(server, "+79123456788")
    traveller.invite(server, FOREIGNERS)
    html, as_json = {"Accept": "text/html"}, {"Accept": "application/json"}
    compressed = {"Accept-Encoding": "gzip"}

    def page(member):
        return html | {"Cookie": member.cookie}

    def call(member):
        return as_json | {"Authorization": f"Bearer {member.token}"}

    login = Page("login", "/login", "/login", html)
    css = re.search(r'/pkg/[^"]+\.css', login.fetch(server)[1].decode())[0]
    return [
        login,
        Page("login_gzip", "/login in gzip, as browsers ask", "/login", html | compressed),
        Page("profile", "/profile, 20 invitees", "/profile", page(inviter), inviter.session_hash()),
        Page("profile_gzip", "/profile in gzip, 20 invitees", "/profile", page(inviter) | compressed, inviter.session_hash()),
        Page("profile_countries", "/profile, 19 countries", "/profile", page(traveller), traveller.session_hash()),
        Page("json", "JSON /profile/, 20 invitees", "/profile/", call(inviter), inviter.session_hash()),
        Page("json_countries", "JSON /profile/, 19 countries", "/profile/", call(traveller), traveller.session_hash()),
        Page("file", "a built file (CSS)", css, {"Accept-Encoding": "br"}),
    ]


def compare(page, server, its_limit, connections):
    """Vouch and its limit, in turns, so that a slower minute of the machine is one for both."""
    rounds = ROUNDS if connections == COMPARED else 1
    taken, limits, bare = [], [], []
    for _ in range(rounds):
        taken.append(page.measure(server, page.path, connections))
        limits.append(page.measure(its_limit, page.limit(), connections))
        if page.session and connections == COMPARED:
            bare.append(page.measure(its_limit, f"/bare/{page.name}", connections))
    figure = figure_of(page.title, connections, taken, limits)
    figure["limit_cpu"] = statistics.median(one.cpu for one in limits)
    return figure | ({"bare_per_second": median_rate(bare)} if bare else {})


def figure_of(title, connections, taken, limits):
    middle = sorted(taken, key=lambda one: one.per_second)[len(taken) // 2]
    ratios = [one.per_second / its_limit.per_second for one, its_limit in zip(taken, limits)]
    return {
        "what": title,
        "connections": connections,
        "per_second": middle.per_second,
        "limit_per_second": median_rate(limits),
        "ratio": statistics.median(ratios),
        **{name: getattr(middle, name) for name in ("p50", "p99", "p999", "cpu")},
    }


def median_rate(loads):
    return statistics.median(one.per_second for one in loads)


def measure_wrong_codes(executable, limit, folder, results, figures):
    with vouch(executable, folder) as server:
        guesses = Guesses(server)
        for connections, expected in ((1, 2000), (64, 8000)):
            taken, inserts = [], []
            for _ in range(ROUNDS):
                # As many as are made if it becomes half as fast again.
                guesses.prepare(int(expected * SECONDS * 1.5))
                taken.append(guess(guesses, connections))
                inserts.append(inserts_per_second(limit, folder / "inserts.db"))
                expected = max(taken[-1].per_second, expected)
            figure = figure_of(f"a wrong code, {connections} at a time", connections, taken, inserts)
            figures.append(figure)
            print_figure(figure)
            results[f"wrong_code_{connections}_ratio"] = figure["ratio"]
        results["resident_mb"]["wrong codes"] = server.resident_mb()


def guess(guesses, connections):
    found = load.run(guesses.server, "/authorize/", connections, SECONDS, arguments=guesses.arguments())
    if found.found["unexpected"]:
        raise BenchError(f"{found.found['unexpected']} wrong codes were not answered with 401")
    # Requests that were under way at the end are not counted, and have used a guess up.
    if found.requests + connections > guesses.left():
        raise BenchError(f"there were only {guesses.left()} guesses for {found.requests} requests")
    return found


@dataclass
class Inserts:
    per_second: float


def inserts_per_second(limit, file):
    command = [limit, "insert", str(file), "2"]
    return Inserts(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def first_load(server, login):
    """The bytes of everything that a browser needs for /login at first, by path."""
    html = login.fetch(server)[1].decode()
    paths = sorted(set(re.findall(r'/pkg/[^"\']+|/icon\.svg', html)))
    # Files that the JavaScript imports at once. The code of the admin pages is loaded only there.
    for script in [path for path in paths if path.endswith(".js")]:
        text = Client(server).send("GET", script)[2].decode()
        paths += sorted({f"/pkg/{name}" for name in re.findall(r'"\./(__wasm_split[^"]+\.js)', text)})
    sizes = {}
    for path in ["/login", *paths]:
        status, _, body = Client(server).send("GET", path, {"Accept": "text/html, */*", "Accept-Encoding": "gzip, br"})
        if status != 200:
            raise BenchError(f"{path} was answered with {status} instead of 200")
        sizes[path] = len(body)
    return sizes


def print_head(limit):
    print(f"{'':30}{'conn.':>6}{'Vouch':>9}{limit:>9}{'ratio':>7}{'p50 ms':>9}{'p99':>8}{'p99.9':>8}{'CPU µs':>8}{'limit':>7}")


def print_figure(figure):
    limit_cpu = f"{figure['limit_cpu']:7.0f}" if "limit_cpu" in figure else ""
    print(
        f"{figure['what']:30}{figure['connections']:6}{figure['per_second']:9,.0f}{figure['limit_per_second']:9,.0f}"
        f"{figure['ratio']:7.2f}{figure['p50']:9.2f}{figure['p99']:8.2f}{figure['p999']:8.2f}{figure['cpu']:8.0f}{limit_cpu}",
        flush=True,
    )


def rounded(value):
    """Four digits that count: more would pretend to be exact."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return value


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BenchError as error:
        sys.exit(f"bench: {error}")
