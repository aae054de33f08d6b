"""Pull punches from DingTalk.

Documented at open.dingtalk.com (attendance/listRecord): a call covers at most 50 people, and its first and last
working day lie at most seven days apart; times are those of China. An interface may be called 20 times a second.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from zhiren.attendance.channels import Login, Told, Unavailable, platforms
from zhiren.connectors.calls import Answer, Busy, CalledPlatform, TokenGone, UserUnknown, asked_about, parts, spans

# A day less than may be, as working days are what is counted, and a time of seven days can touch eight.
MOST_USERS, MOST_DAYS, CALLS, PER_SECONDS = 50, 6, 20, 1.0
_CHINA = ZoneInfo("Asia/Shanghai")
_SHOWN = "%Y-%m-%d %H:%M:%S"
# Rows that the platform makes by itself, and those that stand for a punch that is missing.
_NOT_MADE = frozenset({"SYSTEM"})
_BUSY = frozenset({-1, 90018, 90002, 90005, 90006})
_TOKEN = frozenset({40014, 42001, 33001, 40001})
_USER = frozenset({60121, 33012})
_CLIENT = frozenset({40089, 40091, 40013, 40035})
_FORBIDDEN = frozenset({60011, 60020, 50002, 50004})
_GENERAL = 88


class DingTalk(CalledPlatform):
    """DingTalk as it is documented."""

    address = "https://oapi.dingtalk.com"
    setting = "ZHIREN_DINGTALK_URL"
    pace = (CALLS, PER_SECONDS)

    def pull(self, login: Login, *, users: Sequence[str], since: datetime, until: datetime) -> Iterator[list[Told]]:
        """Yield the punches of these people, fifty people and at most six days at a time."""
        for begin, end in spans(since, until, days=MOST_DAYS):
            for some in parts(users, MOST_USERS):
                when = {
                    "checkDateFrom": begin.astimezone(_CHINA).strftime(_SHOWN),
                    "checkDateTo": end.astimezone(_CHINA).strftime(_SHOWN),
                }
                for answer in asked_about(some, partial(self._ask, login, when)):
                    yield [told for row in answer.get("recordresult") or () if (told := _told(row))]

    def _ask(self, login: Login, when: dict[str, str], users: Sequence[str]) -> Answer:
        body = {"userIds": list(users), **when, "isI18n": "false"}
        return self.caller.call(
            login,
            lambda token: self.caller.send("POST", "/attendance/listRecord", query={"access_token": token}, body=body),
        )

    def _token(self, login: Login) -> tuple[str, int]:
        answer = self.caller.send("GET", "/gettoken", query={"appkey": login.app_id, "appsecret": login.secret})
        try:
            self._judge(answer)
        except TokenGone as error:  # here it is the secret that is not taken
            raise Unavailable("client_refused", permanent=True, detail=_detail(answer)) from error
        return str(answer["access_token"]), int(answer.get("expires_in") or 0)

    def _judge(self, answer: Answer) -> None:
        """Raise what an answer of DingTalk means, unless it is a yes. Code 88 says in `sub_code` what is meant."""
        code = answer.get("errcode", 0)
        if code == _GENERAL and str(answer.get("sub_code", "")).isdigit():
            code = int(answer["sub_code"])
        if code == 0:
            return
        if code in _BUSY:
            raise Busy
        if code in _TOKEN:
            raise TokenGone
        if code in _USER:
            raise UserUnknown
        if code in _CLIENT:
            raise Unavailable("client_refused", permanent=True, detail=_detail(answer))
        if code in _FORBIDDEN:
            raise Unavailable("not_allowed", permanent=True, detail=_detail(answer))
        raise Unavailable("refused", permanent=True, detail=_detail(answer))


def _detail(answer: Answer) -> str:
    return f"{answer.get('sub_code') or answer.get('errcode')} {answer.get('sub_msg') or answer.get('errmsg', '')}"


def _told(row: dict[str, Any]) -> Told | None:
    """Return a punch; None for what the platform added by itself, and for what it did not accept."""
    milliseconds = row.get("userCheckTime") or 0
    made = (
        row.get("sourceType") not in _NOT_MADE
        and row.get("timeResult") != "NotSigned"
        and not row.get("invalidRecordType")
    )
    if not milliseconds or not row.get("userId") or not made:
        return None
    details = {"kind": row.get("checkType"), "place": row.get("userAddress"), "how": row.get("sourceType")}
    return Told(
        str(row["userId"]),
        datetime.fromtimestamp(int(milliseconds) // 1000, UTC),
        {name: value for name, value in details.items() if value},
    )


platforms.add("dingtalk", DingTalk())
