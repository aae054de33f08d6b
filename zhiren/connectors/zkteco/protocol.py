"""What ZKTeco clocks say and hear: text lines over HTTP. Pure; facts about the protocol are in `docs/devices.md`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_SERIAL = re.compile(r"[A-Za-z0-9_.-]{3,64}")
_BADGE = re.compile(r"[^\s\x00-\x1f]{1,64}")
_SHOWN = "%Y-%m-%d %H:%M:%S"
# What a clock shows when its battery died is no time at which anybody punched.
_FIRST_YEAR = 2000
_STATUS = {
    "0": "in", "1": "out", "2": "break_out", "3": "break_in", "4": "overtime_in", "5": "overtime_out",
}  # fmt: skip
_VERIFIED = {
    "0": "password", "1": "fingerprint", "2": "card", "3": "password", "4": "card", "9": "other", "15": "face",
    "25": "palm",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A punch of an attendance log: whose badge, what the clock showed, how it was pressed and verified."""

    badge: str
    shown: datetime
    status: str = ""
    verified: str = ""
    work_code: str = ""


@dataclass(frozen=True)
class Log:
    """What an upload holds: its punches, and the lines that are none, as they came."""

    lines: tuple[Line, ...]
    rejected: tuple[str, ...]


def is_serial(text: str) -> bool:
    """Tell whether a text can be the serial of a clock."""
    return bool(_SERIAL.fullmatch(text))


def read_log(body: bytes) -> Log:
    """Return the punches of an `ATTLOG` upload. A line that is none is told, and holds up no other.

    Names of columns: badge, time, status, how verified, work code; clocks add columns of their own.
    """
    lines, rejected = [], []
    for raw in _text(body).splitlines():
        text = raw.strip("\x00 \r")
        if not text.strip():
            continue
        found = _line(text)
        if found:
            lines.append(found)
        else:
            rejected.append(text[:200])
    return Log(tuple(lines), tuple(rejected))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def _line(text: str) -> Line | None:
    parts = text.split("\t")
    if len(parts) == 1:
        parts = re.split(r"\s{2,}|,", text)
    if len(parts) < 2 or not _BADGE.fullmatch(parts[0].strip()):
        return None
    try:
        shown = datetime.strptime(parts[1].strip(), _SHOWN)  # noqa: DTZ007 - a clock shows no zone; the device has one
    except ValueError:
        return None
    if shown.year < _FIRST_YEAR:
        return None
    status, verified, work_code = (part.strip()[:20] for part in (*parts[2:5], "", "", "")[:3])
    return Line(
        parts[0].strip(),
        shown,
        _STATUS.get(status, ""),
        _VERIFIED.get(verified, ""),
        work_code if work_code not in {"", "0"} else "",
    )


def greeting(serial: str, *, zone_hours: int) -> str:
    """Return what a clock is told when it calls for the first time: what to send, how often, and which time it is in.

    `ServerVer` and `PushProtVer` must be there: without them some models hold back what they stored.
    """
    options = {
        "ATTLOGStamp": "None",
        "OPERLOGStamp": "9999",
        "ATTPHOTOStamp": "9999",
        "ErrorDelay": "30",
        "Delay": "10",
        "TransTimes": "00:00;14:05",
        "TransInterval": "1",
        "TransFlag": "TransData AttLog",
        "TimeZone": str(zone_hours),
        "Realtime": "1",
        "Encrypt": "None",
        "ServerVer": "2.4.1",
        "PushProtVer": "2.4.1",
    }
    return "\n".join([f"GET OPTION FROM: {serial}", *(f"{name}={value}" for name, value in options.items())]) + "\n"


def pairs(text: str) -> dict[str, str]:
    """Return the `name=value` pairs of an answer or of what a clock tells of itself."""
    return dict(_pairs(re.split(r"[&\t\n,]", text)))


def _pairs(parts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for part in parts:
        name, found, value = part.strip().partition("=")
        if found and name:
            yield name.lstrip("~"), value.strip()
