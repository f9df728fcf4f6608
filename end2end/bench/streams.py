"""Opens a page of each of many members, and measures what the server keeps for it and how soon the page is told of an invitee.

    streams.py EXECUTABLE FOLDER
"""

import asyncio
import json
import shutil
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from service import BenchError, Browser, Client, Member, address_of, vouch

STREAMS = 10_000
# Members whose page is told of an invitee.
TOLD = 20
IDLE_SECONDS = 20


def main(executable, folder):
    folder = Path(folder).absolute()
    scratch = folder / "bench-streams"
    shutil.rmtree(scratch, ignore_errors=True)
    with vouch(executable, scratch) as server:
        print(f"Logging {STREAMS:,} members in", flush=True)
        inviters = [Member(server, f"+7901{number:03}0000") for number in range(TOLD)]
        with ThreadPoolExecutor(8) as pool:
            phones = (f"+79{20_000 + number:05}0000" for number in range(STREAMS - TOLD))
            cookies = list(pool.map(lambda phone: Browser(server, phone).cookie(), phones))
        results = asyncio.run(measure(server, inviters, cookies))
    shutil.rmtree(scratch)
    for name, value in results.items():
        print(f"{value:10.1f}  {name.replace('_', ' ')}")
    (folder / "bench-streams.json").write_text(json.dumps(results, indent=2) + "\n")


async def measure(server, inviters, cookies):
    before = server.resident_mb()
    streams = [await Stream.open(server, cookie) for cookie in cookies]
    told = [await Stream.open(server, inviter.cookie) for inviter in inviters]
    with_streams = server.resident_mb()
    cpu = server.cpu_seconds()
    await asyncio.sleep(IDLE_SECONDS)
    cpu = (server.cpu_seconds() - cpu) / IDLE_SECONDS
    waits = [await redemption(server, *each) for each in enumerate(zip(inviters, told))]
    peak = server.resident_mb()
    for stream in streams + told:
        stream.close()
    return {
        "MB_resident_before": before,
        f"MB_resident_with_{STREAMS}_streams": max(with_streams, peak),
        "MB_for_the_streams": max(with_streams, peak) - before,
        "percent_of_a_processor_while_nothing_happens": cpu * 100,
        "ms_until_a_page_is_told_(median)": statistics.median(waits),
        "ms_until_a_page_is_told_(longest)": max(waits),
    }


class Stream:
    """An open page."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, server, cookie):
        host, port = server.host.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"GET /profile/events?since=0 HTTP/1.1\r\nHost: {server.host}\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n"
        writer.write(head.encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise BenchError(f"a stream was answered with {answer.splitlines()[0].decode()}")
        return cls(reader, writer)

    async def event(self):
        await asyncio.wait_for(self.reader.readuntil(b"data: changed"), timeout=10)

    def close(self):
        self.writer.close()


async def redemption(server, number, pair):
    """Milliseconds from the answer to a redemption until the inviter's page is told."""
    inviter, stream = pair

    def redeem():
        phone = f"+7902{number:03}0000"
        client = Client(server)
        token = client.log_in(phone)["access"]
        client.call("/implement_invite/", {"invite_code": inviter.invite_code}, address_of(phone), token)
        return time.monotonic()

    told = asyncio.create_task(stream.event())
    done = await asyncio.to_thread(redeem)
    await told
    return max(0, (time.monotonic() - done) * 1000)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BenchError as error:
        sys.exit(f"bench: {error}")
