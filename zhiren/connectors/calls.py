"""Calls to platforms that speak JSON over HTTPS: paced, tried again, with a token that is asked for when it is needed.

What WeCom, DingTalk and Feishu have in common; how each answers a *no* stays with its connector.
"""

import http.client
import json
import os
import ssl
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode, urlsplit

from zhiren.attendance.channels import Login, Unavailable

TIMEOUT_SECONDS = 20
TRIES = 4
_MOST_BYTES = 32 * 1024 * 1024
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
# A token is not used in its last minutes.
_SPARE_SECONDS = 300
Answer = dict[str, Any]
T = TypeVar("T")


def parts(rows: Sequence[T], most: int) -> Iterator[list[T]]:
    """Yield rows in their order, at most so many at a time.

    >>> list(parts("abc", 2))
    [['a', 'b'], ['c']]
    """
    for begin in range(0, len(rows), most):
        yield list(rows[begin : begin + most])


def spans(since: datetime, until: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield a time in pieces of at most so many days, one beginning where the other ends."""
    while since < until:
        end = min(since + timedelta(days=days), until)
        yield since, end
        since = end


class Busy(Exception):
    """The platform asks to come again later. `wait` is in seconds, where it says."""

    def __init__(self, wait: float = 0) -> None:
        super().__init__("busy")
        self.wait = wait


class TokenGone(Exception):
    """The platform no longer takes the token."""


class UserUnknown(Exception):
    """One of the people asked about is not known to the platform."""


class RecordRefused(Exception):
    """One of the records told, or more, is not to the platform's liking. `detail` are its words."""

    def __init__(self, detail: str) -> None:
        super().__init__("record refused")
        self.detail = detail


class Pace:
    """Lets through at most `calls` in any `seconds`; whoever comes too early waits. Shared by all threads."""

    def __init__(
        self,
        calls: int,
        seconds: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls, self._seconds, self._sleep, self._clock = calls, seconds, sleep, clock
        self._made: deque[float] = deque(maxlen=calls)
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when a call may be made."""
        with self._lock:
            if len(self._made) == self._calls:
                early = self._seconds - (self._clock() - self._made[0])
                if early > 0:
                    self._sleep(early)
            self._made.append(self._clock())


def asked_about(users: Sequence[str], ask: Callable[[Sequence[str]], Answer]) -> Iterator[Answer]:
    """Yield the answers about people: one for all, unless some are unknown there; these are found by halves, and left.

    >>> def ask(users):
    ...     if "gone" in users:
    ...         raise UserUnknown
    ...     return {"about": users}
    >>> list(asked_about(["a", "gone", "b"], ask))
    [{'about': ['a']}, {'about': ['b']}]
    """
    try:
        yield ask(users)
    except UserUnknown:
        half = len(users) // 2
        if half:
            yield from asked_about(users[:half], ask)
            yield from asked_about(users[half:], ask)


def told_of(records: Sequence[T], tell: Callable[[Sequence[T]], Answer]) -> Iterator[list[str]]:
    """Tell of records; yield, call by call, what the platform says to the next ones: nothing to those it takes.

    Where it refuses some, those are found by halves, so that they hold up no others.

    >>> def tell(records):
    ...     if "bad" in records:
    ...         raise RecordRefused("no such user")
    >>> list(told_of(["a", "bad", "b", "c"], tell))
    [[''], ['no such user'], ['', '']]
    """
    try:
        tell(records)
    except RecordRefused as error:
        half = len(records) // 2
        if half == 0:
            yield [error.detail]
            return
        yield from told_of(records[:half], tell)
        yield from told_of(records[half:], tell)
    else:
        yield [""] * len(records)


@dataclass(frozen=True)
class _Held:
    token: str
    until: float


class Caller:
    """Calls one platform. `setting` names the environment variable that gives another address, such as a company's own.

    `ask_token(login)` returns a token and for how many seconds it holds; `judge(answer)` raises Busy, TokenGone,
    UserUnknown, RecordRefused or Unavailable for an answer that is a *no*.
    """

    def __init__(
        self,
        address: str,
        *,
        setting: str,
        pace: Pace,
        ask_token: Callable[[Login], tuple[str, int]],
        judge: Callable[[Answer], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address, self._setting, self._pace = address, setting, pace
        self._ask_token, self._judge, self._sleep = ask_token, judge, sleep
        self._held: dict[Login, _Held] = {}  # of this process only: tokens are never stored

    def signed_in(self, login: Login) -> str:
        """Return a token that holds. Raises Unavailable."""
        held = self._held.get(login)
        if held is None or held.until <= time.monotonic():
            token, seconds = self._patiently(lambda: self._ask_token(login))
            held = self._held[login] = _Held(token, time.monotonic() + max(seconds - _SPARE_SECONDS, 30))
        return held.token

    def forget(self, login: Login) -> None:
        """Ask for a new token the next time."""
        self._held.pop(login, None)

    def call(self, login: Login, make: Callable[[str], Answer]) -> Answer:
        """Return what `make(token)` answers: paced, again with a new token if that is gone, again later if it is busy.

        Raises:
            Unavailable: it is a *no*, or stayed busy.
        """

        def once() -> Answer:
            for is_last in (False, True):
                token = self.signed_in(login)
                self._pace.wait()
                answer = make(token)
                try:
                    self._judge(answer)
                except TokenGone as error:
                    self.forget(login)
                    if is_last:
                        raise Unavailable("token_refused", permanent=True) from error
                else:
                    return answer
            raise AssertionError("either of two tries returns or raises")

        answer: Answer = self._patiently(once)
        return answer

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        """Return what is asked for; wait 1, 2, 4 seconds, or as long as the platform says, where it is busy."""
        for number in range(TRIES):
            try:
                return ask()
            except Busy as busy:
                if number == TRIES - 1:
                    raise Unavailable("busy") from busy
                self._sleep(min(busy.wait or 2.0**number, 60))
        raise AssertionError("the last try returns or raises")

    def send(
        self, method: str, path: str, *, query: dict[str, str] | None = None, body: Any = None, token: str = ""
    ) -> Answer:
        """Send one request and return its JSON, whatever it says. Certificates are checked, redirects not followed.

        Raises:
            Busy: status 429 or a fault of the server.
            Unavailable: nobody answers, or something else than the platform does.
        """
        address = urlsplit(os.environ.get(self._setting) or self._address)
        host, plain = address.hostname or "", address.scheme == "http"
        if plain and host not in _LOCAL:
            raise Unavailable("no_encryption", permanent=True)
        connection = (
            http.client.HTTPConnection(host, address.port or 80, timeout=TIMEOUT_SECONDS)
            if plain
            else http.client.HTTPSConnection(
                host, address.port or 443, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        )
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        try:
            connection.request(
                method,
                address.path.rstrip("/") + path + (f"?{urlencode(query)}" if query else ""),
                json.dumps(body, ensure_ascii=False).encode() if body is not None else None,
                headers,
            )
            reply = connection.getresponse()
            status, data, later = reply.status, reply.read(_MOST_BYTES), reply.getheader("Retry-After") or ""
        except ssl.SSLCertVerificationError as error:
            raise Unavailable("certificate", permanent=True) from error
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable("unreachable", detail=type(error).__name__) from error
        finally:
            connection.close()
        if status == http.HTTPStatus.TOO_MANY_REQUESTS or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Busy(float(later) if later.isascii() and later.isdigit() else 0)
        try:
            told = json.loads(data)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise Unavailable("not_the_platform", permanent=True, detail=f"HTTP {status}")
        return told


class CalledPlatform(ABC):
    """What the connectors to platforms have in common: where theirs is, how fast it may be called, how to sign in.

    `caller` is what asks it, `pace` how many calls it takes in how many seconds.
    """

    address: ClassVar[str]
    setting: ClassVar[str]
    pace: ClassVar[tuple[int, float]]

    def __init__(self) -> None:
        self.caller = Caller(
            self.address, setting=self.setting, pace=Pace(*self.pace), ask_token=self._token, judge=self._judge
        )

    def check(self, login: Login) -> None:
        """Ask for a new token."""
        self.caller.forget(login)
        self.caller.signed_in(login)

    @abstractmethod
    def _token(self, login: Login) -> tuple[str, int]:
        """Return a new token, and for how many seconds it holds."""

    @abstractmethod
    def _judge(self, answer: Answer) -> None:
        """Raise what an answer means, unless it is a yes."""
