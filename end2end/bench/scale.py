"""`make bench-scale`: whether requests take as long with a million members as with a thousand. docs/performance.md explains it.

    scale.py VOUCH FOLDER

VOUCH is the release executable. The two databases are made in FOLDER/bench-scale and are used again the next time;
delete that folder to have them made anew.
"""

import base64
import hmac
import json
import random
import statistics
import struct
import subprocess
import sys
import time
from pathlib import Path

from service import ENVIRONMENT, BenchError, Client, Member, address_of, vouch

SMALL, LARGE = 1_000, 1_000_000
# Invitees of one inviter: as many as a thousand members allow for, and the number of the goal.
HUBS = {SMALL: 500, LARGE: 100_000}
# `vouch demo` gives the first member this phone.
HUB_PHONE = "+79123456789"
TIMES = 200


def main(executable, folder):
    folder = Path(folder).absolute() / "bench-scale"
    databases = {members: database(executable, folder / str(members), members) for members in (SMALL, LARGE)}
    with vouch(executable, databases[SMALL]) as small, vouch(executable, databases[LARGE]) as large:
        programs = [Program(executable, server) for server in (small, large)]
        times = [{}, {}]
        for _ in range(TIMES):
            # In turns, so that a slower minute of the machine is one for both.
            for program, its_times in zip(programs, times):
                program.visit(its_times)
        resident = large.resident_mb()
    results = report(*times)
    results["rss_mb_large"] = round(resident)
    print(f"{resident:.0f} MB resident with {LARGE:,} members")
    (folder / "scale.json").write_text(json.dumps(results, indent=2) + "\n")


def database(executable, folder, members):
    """Makes the database if there is none yet, and says how long that took."""
    if (folder / "complete").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("vouch.db*"):
        file.unlink()
    begun = time.monotonic()
    run(executable, folder, "demo", "--members", str(members), "--hub", str(HUBS[members]), show=True)
    print(f"{members:,} members were made in {time.monotonic() - begun:.0f} s")
    (folder / "complete").touch()
    return folder


def run(executable, folder, *arguments, show=False, may_fail=False):
    out = None if show else subprocess.DEVNULL
    command = [Path(executable).absolute(), *arguments]
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=not may_fail, stdout=out, stderr=out)


class Program:
    """A referral program that members and an admin visit."""

    def __init__(self, executable, server):
        self.server = server
        self.client = Client(server)
        # Each run has phones of its own, that no invented member has.
        self.next_phone = random.randrange(1_000_000, 9_000_000)
        self.inviter = Member(server, self.new_phone())
        self.inviter.invite(server, [self.new_phone() for _ in range(20)])
        self.hub = Member(server, HUB_PHONE)
        self.admin_token = self.become_admin(executable)

    def new_phone(self):
        self.next_phone += 1
        return f"+7701{self.next_phone}"

    def become_admin(self, executable):
        """Makes the hub an admin, for the first time or again; returns a token for the calls of admins."""
        # Otherwise the second factor of the last time would be asked for.
        run(executable, self.server.folder, "admin", "revoke", HUB_PHONE, may_fail=True)
        run(executable, self.server.folder, "admin", "grant", HUB_PHONE)
        browser = self.hub.browser
        page = browser.submit("admin/second_factor/set_up")
        secret = browser.find(page, r'data-testid="secret"[^>]*>([A-Z2-7 ]+)<').replace(" ", "")
        browser.submit("admin/second_factor/prove", code=totp(secret, 0))
        # The session of an admin is another one.
        self.hub.cookie = browser.cookie()
        # Each code works once, and the next one is valid already.
        answer = self.client.call("/admin/api/token/", {"code": totp(secret, 1)}, address_of(HUB_PHONE), self.hub.token)
        return answer["access"]

    def visit(self, times):
        """Sends every kind of request once, and notes the seconds that each took."""

        def timed(name, path, body=None, token=None, address="192.0.2.1", expect=200):
            begun = time.perf_counter()
            answer = self.client.call(path, body, address, token, expect)
            times.setdefault(name, []).append(time.perf_counter() - begun)
            return answer

        def page(name, path, cookie):
            begun = time.perf_counter()
            status, _, _ = self.client.send("GET", path, {"Accept": "text/html", "Cookie": cookie})
            times.setdefault(name, []).append(time.perf_counter() - begun)
            if status != 200:
                raise BenchError(f"{path} was answered with {status} instead of 200")

        page("page /login", "/login", "none=1")
        page("page /profile, 20 invitees", "/profile", self.inviter.cookie)
        page("page /profile, most invitees", "/profile", self.hub.cookie)
        page("page /profile/devices", "/profile/devices", self.inviter.cookie)
        timed("API /profile/, 20 invitees", "/profile/?limit=20", token=self.inviter.token)
        timed("API /profile/, most invitees", "/profile/?limit=20", token=self.hub.token)

        phone = self.new_phone()
        address = address_of(phone)
        sent = timed("API /get_code/", "/get_code/", {"phone_number": phone}, address=address)
        guess = {"phone_number": phone, "code": "00000000"}
        timed("API /authorize/, wrong code", "/authorize/", guess, address=address, expect=401)
        guess["code"] = sent["code"]
        tokens = timed("API /authorize/", "/authorize/", guess, address=address)
        invite = {"invite_code": self.hub.invite_code}
        timed("API /implement_invite/", "/implement_invite/", invite, tokens["access"], address)
        refresh = {"refresh": tokens["refresh"]}
        tokens = timed("API /token/refresh/", "/token/refresh/", refresh, address=address)
        timed("API /devices/", "/devices/", token=tokens["access"], address=address)

        as_admin = {"token": self.admin_token}
        timed("admin: overview", "/admin/api/overview/", **as_admin)
        for name, query in [
            ("newest members", ""),
            ("most invitees", "?sort=most-invitees"),
            ("part of a phone, few", "?q=9123456"),
            ("part of a phone, many", "?q=912"),
            ("an invite code", f"?q={self.hub.invite_code}"),
            ("blocked", "?status=blocked"),
            ("not redeemed", "?status=not-redeemed"),
        ]:
            timed(f"admin: {name}", f"/admin/api/members/{query}", **as_admin)
        timed("admin: the member with most", "/admin/api/members/1/", **as_admin)


def totp(secret, ahead):
    """The code of an authenticator app (RFC 6238), so many steps from now."""
    step = int(time.time()) // 30 + ahead
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def report(small, large):
    print(f"p50 of {TIMES} requests, one at a time, in milliseconds:")
    print(f"{'':32}{f'{SMALL:,}':>12}{f'{LARGE:,}':>12}{'ratio':>8}   members")
    results = {}
    for name in small:
        before, after = (statistics.median(times[name]) * 1000 for times in (small, large))
        results[name] = {"small_ms": round(before, 3), "large_ms": round(after, 3), "ratio": round(after / before, 2)}
        print(f"{name:32}{before:12.3f}{after:12.3f}{after / before:8.2f}")
    return results


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BenchError as error:
        sys.exit(f"bench: {error}")
