"""WeCom, DingTalk and Feishu on this machine: each enforces the limits it documents, and says so when one is passed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "secret-of-the-app"
Body = dict[str, Any]


@dataclass
class Office:
    """What all three have: tokens that run out, answers told beforehand, and a list of violations.

    `tokens` are those that hold; `answers` are given next instead of the true ones; `calls` are the bodies that came.
    `rate` is how many calls may come in how many seconds, by `clock`.
    """

    port: int = 0
    tokens: list[str] = field(default_factory=list)
    given: int = 0
    answers: list[tuple[int, Body]] = field(default_factory=list)
    calls: list[Body] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    rate: tuple[int, float] = (600, 60.0)
    clock: Callable[[], float] = time.monotonic
    came: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def empty(self) -> None:
        """Forget everything."""
        for known in (self.tokens, self.answers, self.calls, self.violations, self.strangers):
            known.clear()

    def token(self) -> str:
        """Return a new token."""
        self.given += 1
        self.tokens.append(f"token-{self.given}")
        return self.tokens[-1]

    def is_too_fast(self) -> bool:
        """Note a call; tell, and note as a violation, that more came than may."""
        most, seconds = self.rate
        now = self.clock()
        self.came = [*(moment for moment in self.came if now - moment < seconds), now]
        if len(self.came) > most:
            self.violations.append(f"{len(self.came)} calls in {seconds} s")
        return len(self.came) > most

    def refuse(self, words: str, answer: Body) -> tuple[int, Body]:
        """Note a violation, and answer it."""
        self.violations.append(words)
        return 200, answer

    def answer(self, method: str, path: str, query: dict[str, str], body: Body, bearer: str) -> tuple[int, Body]:
        """Return status and body for a request."""
        raise NotImplementedError


@dataclass
class WeComOffice(Office):
    """Check-in data: at most 30 days, at most 100 people."""

    punches: list[tuple[str, int, str]] = field(default_factory=list)

    def answer(self, method: str, path: str, query: dict[str, str], body: Body, bearer: str) -> tuple[int, Body]:
        if path == "/cgi-bin/gettoken":
            if query.get("corpsecret") != SECRET:
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": self.token(), "expires_in": 7200}
        if (method, path) != ("POST", "/cgi-bin/checkin/getcheckindata"):
            return self.refuse(f"{method} {path}", {"errcode": 404, "errmsg": "no such interface"})
        if query.get("access_token") not in self.tokens:
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        if self.answers:
            return self.answers.pop(0)
        self.calls.append(body)
        if self.is_too_fast():
            return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}
        users = body["useridlist"]
        if body["opencheckindatatype"] not in {1, 2, 3} or not 0 < len(users) <= 100:
            return self.refuse("people", {"errcode": 301021, "errmsg": "userid list invalid"})
        if not 0 <= body["endtime"] - body["starttime"] <= 30 * 86_400:
            return self.refuse("time", {"errcode": 301022, "errmsg": "time span too long"})
        if self.strangers & set(users):
            return 200, {"errcode": 60111, "errmsg": "userid not found"}
        rows = [
            {
                "userid": user, "checkin_time": seconds, "exception_type": unusual, "checkin_type": "上班打卡",
                "location_title": "依澜府", "wifiname": "", "notes": "", "mediaids": [],
            }
            for user, seconds, unusual in self.punches
            if user in users and body["starttime"] <= seconds <= body["endtime"]
        ]  # fmt: skip
        return 200, {"errcode": 0, "errmsg": "ok", "checkindata": rows}


@dataclass
class DingTalkOffice(Office):
    """Punch records: at most 50 people, at most seven days between the first and the last working day."""

    punches: list[Body] = field(default_factory=list)

    def answer(self, method: str, path: str, query: dict[str, str], body: Body, bearer: str) -> tuple[int, Body]:
        if path == "/gettoken":
            if query.get("appsecret") != SECRET:
                return 200, {"errcode": 40089, "errmsg": "不合法的appKey或appSecret"}
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": self.token(), "expires_in": 7200}
        if (method, path) != ("POST", "/attendance/listRecord"):
            return self.refuse(f"{method} {path}", {"errcode": 22, "errmsg": "Invalid method"})
        if query.get("access_token") not in self.tokens:
            return 200, {"errcode": 88, "errmsg": "error", "sub_code": "40014", "sub_msg": "不合法的access_token"}
        if self.answers:
            return self.answers.pop(0)
        self.calls.append(body)
        if self.is_too_fast():
            return 200, {"errcode": 88, "sub_code": "90018", "sub_msg": "超过频率"}
        users = body["userIds"]
        if not 0 < len(users) <= 50:
            return self.refuse("people", {"errcode": 400002, "errmsg": "too many users"})
        first, last = (datetime.fromisoformat(body[name]) for name in ("checkDateFrom", "checkDateTo"))
        if not 0 <= (last.date() - first.date()).days <= 7:
            return self.refuse("time", {"errcode": 400002, "errmsg": "date span too long"})
        if self.strangers & set(users):
            return 200, {"errcode": 60121, "errmsg": "找不到该用户"}
        return 200, {"errcode": 0, "errmsg": "ok", "recordresult": [p for p in self.punches if p["userId"] in users]}


@dataclass
class FeishuOffice(Office):
    """Import of punches: each record complete, times to the second, the token in a header."""

    records: list[Body] = field(default_factory=list)
    sign_in_answers: list[tuple[int, Body]] = field(default_factory=list)

    def answer(self, method: str, path: str, query: dict[str, str], body: Body, bearer: str) -> tuple[int, Body]:
        if path == "/open-apis/auth/v3/tenant_access_token/internal":
            if self.sign_in_answers:
                return self.sign_in_answers.pop(0)
            if body.get("app_secret") != SECRET:
                return 200, {"code": 10014, "msg": "app secret invalid"}
            return 200, {"code": 0, "msg": "ok", "tenant_access_token": self.token(), "expire": 7200}
        if (method, path) != ("POST", "/open-apis/attendance/v1/user_flows/batch_create"):
            return self.refuse(f"{method} {path}", {"code": 404, "msg": "not found"})
        if bearer not in self.tokens:
            return 200, {"code": 99991663, "msg": "Invalid access token"}
        if self.answers:
            return self.answers.pop(0)
        self.calls.append(body)
        if self.is_too_fast():
            return 200, {"code": 99991400, "msg": "request trigger frequency limit"}
        if query.get("employee_type") not in {"employee_id", "employee_no"}:
            return self.refuse("employee_type", {"code": 1220001, "msg": "param error"})
        needed = {"user_id", "creator_id", "location_name", "check_time", "comment"}
        for row in body["flow_records"]:
            complete = all(row.get(name) for name in needed) and row["check_time"].isdigit()
            if not complete or len(row["check_time"]) != 10:
                return self.refuse("record", {"code": 1220001, "msg": "param error"})
        if len(body["flow_records"]) > 50:
            return self.refuse("records", {"code": 1220001, "msg": "too many"})
        if self.strangers & {row["user_id"] for row in body["flow_records"]}:
            return 200, {"code": 1220002, "msg": "user not found"}
        self.records += body["flow_records"]
        return 200, {"code": 0, "msg": "success", "data": {"flow_records": body["flow_records"]}}


@contextmanager
def running(office: Office) -> Iterator[None]:
    """Let an office answer at its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._handle("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def do_GET(self) -> None:
            self._handle("GET", {})

        def _handle(self, method: str, body: Body) -> None:
            where = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(where.query).items()}
            bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            status, told = office.answer(method, where.path, query, body, bearer)
            data = told["raw"] if "raw" in told else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            for name, value in told.get("headers", {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_given: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    office.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Wrist:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.slept.append(seconds)
        self.now += seconds


def paced(channel: Any, office: Office, rate: tuple[int, float]) -> Wrist:
    """Let a channel and a platform that refuses more than `rate` go by one clock, on which no call takes any time."""
    wrist = Wrist()
    office.rate, office.clock = rate, wrist
    channel.caller._sleep = channel.caller._pace._sleep = wrist.sleep
    channel.caller._pace._clock = wrist
    return wrist


def patient(channel: Any, slept: list[float]) -> Any:
    """Return a channel that notes how long it would sleep, and does not."""
    sleep: Callable[[float], None] = slept.append
    channel.caller._sleep = sleep
    channel.caller._pace._sleep = sleep
    return channel
