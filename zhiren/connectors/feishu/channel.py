"""Tell Feishu of punches, which then computes its own results from them.

Documented at open.feishu.cn (attendance/v1/user_flows/batch_create): 50 calls a second; each record names who, who
made it, where, when to the second, and a comment. How many records a call may bring is not said; fifty are sent.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from zhiren.attendance.channels import Login, Note, Unavailable, platforms
from zhiren.connectors.calls import Answer, Busy, CalledPlatform, RecordRefused, TokenGone, parts, told_of

MOST_RECORDS, CALLS, PER_SECONDS = 50, 50, 1.0
_BUSY = frozenset({99991400, 11232, 1000004, 1000005, 2200})
_TOKEN = frozenset({99991661, 99991663, 99991664, 99991668, 99991677})
_CLIENT = frozenset({10003, 10012, 10014, 10015, 99991543})
_FORBIDDEN = frozenset({99991672, 99991679, 1220004})


class Feishu(CalledPlatform):
    """Feishu as it is documented."""

    address = "https://open.feishu.cn"
    setting = "ZHIREN_FEISHU_URL"
    pace = (CALLS, PER_SECONDS)

    def push(self, login: Login, notes: Sequence[Note]) -> Iterator[list[str]]:
        """Tell of punches, fifty at a time; yield what Feishu says to each. One that it refuses holds up no other."""
        for some in parts(notes, MOST_RECORDS):
            yield from told_of(some, partial(self._tell, login))

    def _tell(self, login: Login, notes: Sequence[Note]) -> Answer:
        body = {"flow_records": [_record(note) for note in notes]}
        return self.caller.call(
            login,
            lambda token: self.caller.send(
                "POST",
                "/open-apis/attendance/v1/user_flows/batch_create",
                query={"employee_type": "employee_no"},
                body=body,
                token=token,
            ),
        )

    def _token(self, login: Login) -> tuple[str, int]:
        body = {"app_id": login.app_id, "app_secret": login.secret}
        answer = self.caller.send("POST", "/open-apis/auth/v3/tenant_access_token/internal", body=body)
        try:
            self._judge(answer)
        except RecordRefused as error:  # no record was told: it is the sign-in that is refused
            raise Unavailable("refused", permanent=True, detail=error.detail) from error
        return str(answer["tenant_access_token"]), int(answer.get("expire") or 0)

    def _judge(self, answer: Answer) -> None:
        """Raise what an answer of Feishu means, unless it is a yes.

        A code that is not known to be about the application is taken to be about what was told.
        """
        code = answer.get("code", 0)
        if code == 0:
            return
        detail = f"{code} {answer.get('msg', '')}"
        if code in _BUSY:
            raise Busy
        if code in _TOKEN:
            raise TokenGone
        if code in _CLIENT:
            raise Unavailable("client_refused", permanent=True, detail=detail)
        if code in _FORBIDDEN:
            raise Unavailable("not_allowed", permanent=True, detail=detail)
        raise RecordRefused(detail)


def _record(note: Note) -> dict[str, str]:
    return {
        "user_id": note.user,
        "creator_id": note.user,
        "location_name": note.place,
        "check_time": f"{note.at.timestamp():.0f}",
        "comment": note.source,
    }


platforms.add("feishu", Feishu())
