#!/usr/bin/env python3
"""Checks the hardened unit $1 against the executable $2: systemd's score of the unit, and that the unit allows every system
call of a login. A call that it forbids would fail only in production."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

unit, executable = map(os.path.abspath, sys.argv[1:])
journey = os.path.join(os.path.dirname(os.path.abspath(__file__)), "journey.sh")
# The overall exposure that `systemd-analyze security` calculates, of 10.
MOST_EXPOSED = 2.0

missing = [tool for tool in ("systemd-analyze", "strace") if not shutil.which(tool)]
if missing:
    print(f"vouch: the unit was NOT CHECKED: {' and '.join(missing)} is missing")
    sys.exit(1 if os.environ.get("CI") else 0)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def calls(group):
    """The system calls of a group such as @resources, with those of the groups in it."""
    if not group.startswith("@"):
        return {group}
    names = [line.strip() for line in output("systemd-analyze", "syscall-filter", group).splitlines()[1:]]
    return set().union(*(calls(name) for name in names if name and not name.startswith("#")))


def allowed():
    found = calls("@default")
    with open(unit) as lines:
        for line in lines:
            if filter := re.match(r"SystemCallFilter=(~?)(.*)", line):
                named = set().union(*map(calls, filter[2].split()))
                found = found - named if filter[1] else found | named
    return found


def used():
    """The system calls from the start to the end by SIGTERM."""
    with tempfile.TemporaryDirectory() as folder:
        trace, out = os.path.join(folder, "trace"), os.path.join(folder, "out.log")
        alone = shutil.copy(executable, folder)
        # As root, SQLite makes calls that it does not make as another user.
        user = {"user": 65532, "group": 65532, "extra_groups": []} if os.getuid() == 0 else {}
        if user:
            os.chown(folder, 65532, 65532)
        settings = {"VOUCH_LISTEN": "127.0.0.1:0", "VOUCH_SMS_DELAY_MS": "0", "PATH": os.environ["PATH"]}
        with open(out, "w") as printed:
            command = ["strace", "-f", "-qq", "-o", trace, alone]
            server = subprocess.Popen(command, cwd=folder, env=settings, stdout=printed, stderr=subprocess.DEVNULL, **user)
        try:
            for _ in range(500):
                address = re.search(r"^Vouch is at (\S+)$", open(out).read(), re.MULTILINE)
                if address or server.poll() is not None:
                    break
                time.sleep(0.02)
            subprocess.run([journey, address[1]], check=True)
            # strace does not pass the signal on.
            process = int(open(f"/proc/{server.pid}/task/{server.pid}/children").read())
            os.kill(process, signal.SIGTERM)
            assert server.wait(30) == 0
        finally:
            server.kill()
        return set(re.findall(r"^\d+ +(\w+)\(", open(trace).read(), re.MULTILINE))


score = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", unit],
                       capture_output=True, text=True)
print("vouch:", score.stdout.strip().splitlines()[-1].removeprefix("→ "))
made = used()
forbidden = made - allowed()
if forbidden:
    print(f"vouch: the unit forbids what the executable does: {', '.join(sorted(forbidden))}")
else:
    print(f"vouch: the unit allows the {len(made)} system calls that the executable makes")
sys.exit(1 if forbidden or score.returncode else 0)
