"""What Schemathesis has to know to send good requests as well as bad ones."""

import os
import re
from itertools import count

import requests
import schemathesis
from hypothesis import strategies

URL = os.environ["FUZZ_URL"]
ANONYMOUS = "FUZZ_ANONYMOUS" in os.environ

# A description can say that a field is a phone; which numbers exist only a number plan can.
schemathesis.openapi.format("phone", strategies.from_regex(re.compile(r"\+7912[0-9]{7}", re.ASCII), fullmatch=True))

phones = (f"+7999{number:07}" for number in count(1))


def post(path, body):
    return requests.post(URL + path, json=body, timeout=10).json()


def log_in(phone):
    login = {"phone_number": phone}
    return post("/authorize/", login | post("/get_code/", login))


@schemathesis.auth(refresh_interval=600)
class Member:
    """Logs in, unless the run is one without a token."""

    def get(self, case, context):
        return None if ANONYMOUS else log_in(next(phones))["access"]

    def set(self, case, data, context):
        if data is not None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


def right(path):
    """A request that a stranger could not guess."""
    phone = next(phones)
    if path == "/authorize/":
        return {"phone_number": phone} | post("/get_code/", {"phone_number": phone})
    tokens = log_in(phone)
    if path == "/token/refresh/":
        return {"refresh": tokens["refresh"]}
    bearer = {"Authorization": f"Bearer {tokens['access']}"}
    return {"invite_code": requests.get(f"{URL}/profile/", headers=bearer, timeout=10).json()["invite_code"]}


calls = count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes every eighth good request a right one, so that success is looked at, too."""
    is_good = case.meta is not None and case.meta.generation.mode.is_positive
    if is_good and case.path in ("/authorize/", "/token/refresh/", "/implement_invite/") and next(calls) % 8 == 0:
        case.body = right(case.path)
