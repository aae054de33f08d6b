"""Pull punches from WeCom.

Documented at developer.work.weixin.qq.com (check-in data): a call covers at most 30 days and 100 people, and there may
be 600 calls a minute. The secret is that of an own app among those that may call the check-in interface.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from zhiren.attendance.channels import Login, Told, Unavailable, platforms
from zhiren.connectors.calls import Answer, Busy, CalledPlatform, TokenGone, UserUnknown, asked_about, parts, spans

MOST_USERS, MOST_DAYS, CALLS, PER_SECONDS = 100, 30, 600, 60.0
_ALL_KINDS = 3
# A row that says that somebody did not punch is none.
_NOT_MADE = "未打卡"
_BUSY = frozenset({-1, 45009, 45033})
_TOKEN = frozenset({40014, 42001, 41001})
_USER = frozenset({60111, 40003, 46004})
_CLIENT = frozenset({40001, 40013, 40091, 40082})
_FORBIDDEN = frozenset({48002, 48001, 60011, 60020, 301048})


class WeCom(CalledPlatform):
    """WeCom as it is documented."""

    address = "https://qyapi.weixin.qq.com"
    setting = "ZHIREN_WECOM_URL"
    pace = (CALLS, PER_SECONDS)

    def pull(self, login: Login, *, users: Sequence[str], since: datetime, until: datetime) -> Iterator[list[Told]]:
        """Yield the punches of these people, a hundred people and at most thirty days at a time."""
        for begin, end in spans(since, until, days=MOST_DAYS):
            for some in parts(users, MOST_USERS):
                when = {"starttime": int(begin.timestamp()), "endtime": int(end.timestamp())}
                for answer in asked_about(some, partial(self._ask, login, when)):
                    yield [told for row in answer.get("checkindata") or () if (told := _told(row))]

    def _ask(self, login: Login, when: dict[str, int], users: Sequence[str]) -> Answer:
        body = {"opencheckindatatype": _ALL_KINDS, **when, "useridlist": list(users)}
        return self.caller.call(
            login,
            lambda token: self.caller.send(
                "POST", "/cgi-bin/checkin/getcheckindata", query={"access_token": token}, body=body
            ),
        )

    def _token(self, login: Login) -> tuple[str, int]:
        query = {"corpid": login.tenant, "corpsecret": login.secret}
        answer = self.caller.send("GET", "/cgi-bin/gettoken", query=query)
        self._judge(answer)
        return str(answer["access_token"]), int(answer.get("expires_in") or 0)

    def _judge(self, answer: Answer) -> None:
        """Raise what an answer of WeCom means, unless it is a yes."""
        code = answer.get("errcode", 0)
        if code == 0:
            return
        detail = f"{code} {answer.get('errmsg', '')}"
        if code in _BUSY:
            raise Busy(60 if code == 45009 else 0)
        if code in _TOKEN:
            raise TokenGone
        if code in _USER:
            raise UserUnknown
        if code in _CLIENT:
            raise Unavailable("client_refused", permanent=True, detail=detail)
        if code in _FORBIDDEN:
            raise Unavailable("not_allowed", permanent=True, detail=detail)
        raise Unavailable("refused", permanent=True, detail=detail)


def _told(row: dict[str, Any]) -> Told | None:
    seconds = row.get("checkin_time") or 0
    if not seconds or not row.get("userid") or _NOT_MADE in str(row.get("exception_type") or ""):
        return None
    details = {
        "kind": row.get("checkin_type"), "place": row.get("location_title"), "unusual": row.get("exception_type"),
    }  # fmt: skip
    return Told(str(row["userid"]), datetime.fromtimestamp(int(seconds), UTC), {k: v for k, v in details.items() if v})


platforms.add("wecom", WeCom())
