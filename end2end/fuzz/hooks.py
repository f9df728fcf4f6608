"""Lets Schemathesis send requests that succeed, beside those that do not."""

import os
import re
from itertools import count

import pyotp
import requests
import schemathesis
from hypothesis import strategies

URL = os.environ["FUZZ_URL"]
ANONYMOUS = "FUZZ_ANONYMOUS" in os.environ
# The phone that was made an admin.
ADMIN = os.environ["FUZZ_ADMIN"]
# The first members hold the tokens; no acts are sent for them.
SPARED = 5

# The description says only that a field is a phone, not which numbers are possible.
schemathesis.openapi.format("phone", strategies.from_regex(re.compile(r"\+7912[0-9]{7}", re.ASCII), fullmatch=True))

# Other phones in the run without a token: those of the run with one may be blocked.
phones = (f"+799{8 if ANONYMOUS else 9}{number:07}" for number in count(1))


def post(path, body):
    return requests.post(URL + path, json=body, timeout=10).json()


def log_in(phone):
    login = {"phone_number": phone}
    return post("/authorize/", login | post("/get_code/", login))


def become_admin():
    """Logs the admin in and passes the second factor."""
    browser = requests.Session()
    browser.headers["Accept"] = "text/html"
    browser.headers["Sec-Fetch-Site"] = "same-origin"

    def submit(path, **form):
        return browser.post(f"{URL}/api/{path}", data=form, timeout=10).text

    code = re.search(r'simulated-sms">\D*(\d+)', submit("login/request_code", phone_number=ADMIN, next="")).group(1)
    submit("login/verify", code=code)
    page = submit("admin/second_factor/set_up")
    app = pyotp.TOTP(re.search(r'data-testid="secret"[^>]*>([A-Z2-7 ]+)<', page).group(1).replace(" ", ""))
    bearer = {"Authorization": f"Bearer {log_in(ADMIN)['access']}"}
    token = requests.post(f"{URL}/admin/api/token/", json={"code": app.now()}, headers=bearer, timeout=10)
    return token.json()["access"]


if not ANONYMOUS:
    log_in(ADMIN)


class Bearer:
    """Sends a token, if there is one."""

    def set(self, case, data, context):
        if data is not None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.auth(refresh_interval=600).apply_to(path_regex="^/admin/api/(?!token/)")
class Admin(Bearer):
    """Becomes an admin, unless this is the run without a token."""

    token = None

    def get(self, case, context):
        if not ANONYMOUS:
            Admin.token = Admin.token or become_admin()
        return Admin.token


@schemathesis.auth(refresh_interval=600).apply_to(path="/admin/api/token/")
class Candidate(Bearer):
    """Logs the admin in, without the second factor."""

    def get(self, case, context):
        return None if ANONYMOUS else log_in(ADMIN)["access"]


@schemathesis.auth(refresh_interval=600).skip_for(path_regex="^/admin/api/")
class Member(Bearer):
    """Logs in, unless this is the run without a token."""

    def get(self, case, context):
        return None if ANONYMOUS else log_in(next(phones))["access"]


# Endpoints whose body cannot succeed if it is made up.
GUARDED = ("/admin/api/imports/", "/authorize/", "/implement_invite/", "/token/refresh/")


def right(path):
    """A body that succeeds."""
    phone = next(phones)
    if path == "/admin/api/imports/":
        return f"phone_number,redeemed_code\n{phone},\n{next(phones)},"
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
    """Lets every eighth valid request succeed, so that successes are checked, too."""
    is_good = case.meta is not None and case.meta.generation.mode.is_positive
    if case.path.startswith("/admin/api/members/{id}/"):
        if is_good and next(calls) % 2 == 0:
            case.path_parameters["id"] = next(calls) % 20 + 1
        if case.path_parameters["id"] in range(1, SPARED + 1):
            case.path_parameters["id"] += SPARED
    if is_good and case.path.startswith("/admin/api/imports/{id}/"):
        case.path_parameters["id"] = next(calls) % 20 + 1
    if is_good and case.path in GUARDED and next(calls) % 8 == 0:
        case.body = right(case.path)
