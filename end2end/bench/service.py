"""Runs servers in folders of their own, and prepares members over HTTP."""

import hashlib
import http.client
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


class BenchError(Exception):
    """Something that makes the figures worthless."""


# All limits are on. Budgets that the bench would use up are so big that they never run out; the others have their defaults,
# because each phone comes from a network of its own. Codes have eight digits from the beginning, so that
# many wrong guesses do not make them longer.
SETTINGS = {
    "VOUCH_LISTEN": "127.0.0.1:0",
    "VOUCH_TRUSTED_HOPS": "1",
    "VOUCH_LOG": "warn",
    "VOUCH_SMS_DELAY_MS": "0",
    "VOUCH_SMS_NUMBERS": "any",
    "VOUCH_ACCESS_TOKEN_TTL": "86400",
    "VOUCH_CODE_LENGTH": "8",
    "VOUCH_CODE_LIFE": "1h",
    "VOUCH_CODE_TRIES": "10",
    "VOUCH_UNUSED_SENDS_IN_ALL": "1000000/24h",
    "VOUCH_SENDS_IN_ALL": "1000000/24h",
    "VOUCH_SENDS_PER_PHONE": "1000/1h",
    "VOUCH_SENDS_PER_PREFIX": "1000000/1h",
}
# The settings of whoever runs the bench do not count.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("VOUCH")}


class Process:
    """A server that says its address on its first lines."""

    def __init__(self, command, folder, settings=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        log = self.folder / "out.log"
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [os.path.abspath(command[0]), *command[1:]], cwd=self.folder, env=ENVIRONMENT | (settings or {}), stdout=out
            )
        self.url = self._address(log)
        self.host = urllib.parse.urlsplit(self.url).netloc
        self._wait_until_it_answers()
        self.milliseconds_to_start = (time.monotonic() - begun) * 1000

    def _address(self, log):
        # A start may have to migrate a million members first.
        for _ in range(60_000):
            found = re.search(r"(?:Vouch|limit) is at (http://\S+)", log.read_text())
            if found:
                return found[1]
            if self.process.poll() is not None:
                raise BenchError(f"a server did not start; {log} says why")
            time.sleep(0.002)
        raise BenchError("a server did not say its address")

    def _wait_until_it_answers(self):
        connection = http.client.HTTPConnection(self.host, timeout=10)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        connection.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def resident_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024

    def cpu_seconds(self):
        """User and system time of all threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def vouch(executable, folder, **settings):
    return Process([executable], folder, SETTINGS | settings)


class Client:
    """A connection that is kept."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection(server.host, timeout=60)

    def send(self, method, path, headers=None, body=None):
        """Returns the status, the headers and the body."""
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def call(self, path, body, address, token=None, expect=200):
        """Calls the JSON API from a network address; returns what the answer holds."""
        headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        method = "GET" if body is None else "POST"
        status, _, answer = self.send(method, path, headers, None if body is None else json.dumps(body))
        if status != expect:
            raise BenchError(f"{method} {path} was answered with {status}: {answer.decode(errors='replace')[:300]}")
        return json.loads(answer) if answer else None

    def log_in(self, phone):
        """Logs a phone in over the API; returns the tokens."""
        address = address_of(phone)
        code = self.call("/get_code/", {"phone_number": phone}, address)["code"]
        return self.call("/authorize/", {"phone_number": phone, "code": code}, address)


def address_of(phone):
    """A network of its own for each phone."""
    number = int.from_bytes(hashlib.sha256(phone.encode()).digest()[:3])
    return f"11.{number >> 16}.{number >> 8 & 255}.{number & 255}"


class Member:
    """A member who is logged in over the API and in a browser."""

    def __init__(self, server, phone):
        self.phone = phone
        tokens = Client(server).log_in(phone)
        self.token, self.refresh = tokens["access"], tokens["refresh"]
        self.browser = Browser(server, phone)
        self.cookie = self.browser.cookie()
        self.invite_code = self.profile(server)["invite_code"]

    def profile(self, server):
        return Client(server).call("/profile/", None, address_of(self.phone), self.token)

    def session_hash(self):
        """The SHA-256 of the token in the cookie, under which the session is stored."""
        return hashlib.sha256(self.cookie.partition("=")[2].encode()).digest()

    def invite(self, server, phones):
        def join(phone):
            client = Client(server)
            token = client.log_in(phone)["access"]
            client.call("/implement_invite/", {"invite_code": self.invite_code}, address_of(phone), token)

        for phone in phones:
            join(phone)
        found = self.profile(server)["invited_total"]
        if found != len(phones):
            raise BenchError(f"{found} invitees were found instead of {len(phones)}")


class Browser:
    """A browser without JavaScript, which submits the forms of the pages."""

    def __init__(self, server, phone):
        self.server = server
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.opener.addheaders = [
            ("Accept", "text/html"),
            ("Sec-Fetch-Site", "same-origin"),
            ("X-Forwarded-For", address_of(phone)),
        ]
        code = self.find(self.submit("login/request_code", phone_number=phone), r'simulated-sms">\D*(\d+)')
        self.find(self.submit("login/verify", code=code), 'data-testid="(invite-code)"')

    def submit(self, form, **fields):
        """Returns the page that the form leads to."""
        data = urllib.parse.urlencode(fields | {"next": ""}).encode()
        return self.opener.open(f"{self.server.url}/api/{form}", data).read().decode()

    def find(self, page, pattern):
        found = re.search(pattern, page)
        if not found:
            raise BenchError(f"a page does not contain {pattern}")
        return found[1]

    def cookie(self):
        return next(f"{cookie.name}={cookie.value}" for cookie in self.jar if cookie.name.endswith("vouch"))


class Guesses:
    """Phones with a live code each, at which wrong codes can be guessed."""

    PER_PHONE = int(SETTINGS["VOUCH_CODE_TRIES"])

    def __init__(self, server):
        self.server = server
        self.first = 0
        self.phones = 0

    def prepare(self, guesses):
        """Sends codes to other phones, for so many guesses. wrk.lua makes the same phones and addresses."""
        self.first += self.phones
        self.phones = -(-guesses // self.PER_PHONE)

        def send(numbers):
            client = Client(self.server)
            for number in numbers:
                address = f"10.{number // 256}.{number % 256}.1"
                client.call("/get_code/", {"phone_number": f"+79{number:05}0000"}, address)

        numbers = range(self.first, self.first + self.phones)
        with ThreadPoolExecutor(16) as pool:
            for sent in [pool.submit(send, numbers[start::16]) for start in range(16)]:
                sent.result()

    def left(self):
        return self.phones * self.PER_PHONE

    def arguments(self):
        return self.first, self.phones
