"""Runs wrk and reads what wrk.lua prints."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from service import BenchError

SCRIPT = Path(__file__).parent / "wrk.lua"


@dataclass
class Load:
    """What came of one run of wrk."""

    requests: int
    per_second: float
    p50: float  # milliseconds, here and below
    p99: float
    p999: float
    cpu: float  # microseconds of the server for each request
    found: dict  # everything that wrk.lua prints


def run(server, path, connections, seconds, headers=None, arguments=()):
    """Sends as many requests as are answered, over so many connections."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(SCRIPT)]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    command += [server.url + path, "--", *map(str, arguments)]
    before = server.cpu_seconds()
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cpu = server.cpu_seconds() - before
    found = json.loads(printed.splitlines()[-1])
    if found["broken"] or not found["requests"]:
        raise BenchError(f"{found['broken']} connections to {path} broke, and {found['requests']} requests were answered")
    return Load(
        requests=found["requests"],
        per_second=found["requests"] / found["seconds"],
        p50=found["p50"] / 1000,
        p99=found["p99"] / 1000,
        p999=found["p999"] / 1000,
        cpu=cpu * 1e6 / found["requests"],
        found=found,
    )
