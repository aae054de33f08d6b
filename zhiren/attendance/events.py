"""What happened in attendance."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DayFlagged(Event):
    """A day that is over was late, early, absent or lacks a punch, or is no longer so (`flags` of `rules`)."""

    name = "attendance.day.flagged"
    employment_id: UUID
    on: date
    flags: int
    late: int
    absent: int


@dataclass(frozen=True, kw_only=True)
class EarlyWarningRaised(Event):
    """A first sign was seen: `kind` of `EarlyWarning`, `amount` in days, or minutes of drift."""

    name = "attendance.warning.raised"
    employment_id: UUID
    warning_id: UUID
    kind: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class DeviceAppeared(Event):
    """A clock that nobody knows sends punches; they wait until somebody claims it."""

    name = "attendance.device.appeared"
    device_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeviceClaimed(Event):
    """A clock was taken into use, or out of it."""

    name = "attendance.device.claimed"
    device_id: UUID
    state: str


@dataclass(frozen=True, kw_only=True)
class DeviceClockOff(Event):
    """A device's clock is seen to be off by this many seconds, ahead when above zero."""

    name = "attendance.device.clock_off"
    device_id: UUID
    seconds: int


@dataclass(frozen=True, kw_only=True)
class PunchesFoundOwner(Event):
    """Punches of a badge that nobody had belong to somebody now."""

    name = "attendance.punches.found_owner"
    employment_id: UUID
    punches: int


@dataclass(frozen=True, kw_only=True)
class PunchesHandedOver(Event):
    """Punches of a badge that were taken for this person's count for another now; theirs were those of `first` to
    `last`, UTC dates."""

    name = "attendance.punches.handed_over"
    employment_id: UUID
    to_employment_id: UUID
    punches: int
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class PunchesReceived(Event):
    """Punches of a badge that were taken for another's count for this person now."""

    name = "attendance.punches.received"
    employment_id: UUID
    punches: int


@dataclass(frozen=True, kw_only=True)
class AttendanceExported(Event):
    """Somebody took the attendance of many out of the system."""

    name = "attendance.exported"
    month: date
    people: int


@dataclass(frozen=True, kw_only=True)
class MonthClosed(Event):
    """The days of a month of a legal entity change no more."""

    name = "attendance.month.closed"
    entity_id: UUID
    month: date
    checksum: str


@dataclass(frozen=True, kw_only=True)
class PunchFileImported(Event):
    """Every row of a file became a punch, was one already, or was rejected."""

    name = "attendance.file.imported"
    import_id: UUID
    new: int
    known: int
    of_nobody: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class PunchAccountSaved(Event):
    """An account at a platform outside was set up, changed, switched on or off."""

    name = "attendance.punch_account.saved"
    account_id: UUID
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class PunchAccountFailed(Event):
    """A platform cannot be used, or would not take some punches, and somebody should know. `problem` is a code."""

    name = "attendance.punch_account.failed"
    account_id: UUID
    problem: str


@dataclass(frozen=True, kw_only=True)
class PunchAccountRecovered(Event):
    """What was told of a platform no longer holds: it works, was changed, or is no longer asked."""

    name = "attendance.punch_account.recovered"
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class PunchKeyMade(Event):
    """A browser may keep somebody's punches while there is no network."""

    name = "attendance.punch_key.made"
    punch_key_id: UUID


@dataclass(frozen=True, kw_only=True)
class PunchKeyRevoked(Event):
    """Nothing more is taken from a browser."""

    name = "attendance.punch_key.revoked"
    punch_key_id: UUID


@dataclass(frozen=True, kw_only=True)
class PunchDoubted(Event):
    """A punch made without a network does not count until somebody has looked at it; `doubts` of `phone_rules`."""

    name = "attendance.punch.doubted"
    employment_id: UUID
    doubtful_id: UUID
    doubts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DoubtDecided(Event):
    """Somebody decided whether a doubtful punch counts."""

    name = "attendance.doubt.decided"
    employment_id: UUID
    doubtful_id: UUID
    counts: bool


@dataclass(frozen=True, kw_only=True)
class KioskMade(Event):
    """A kiosk was set up; it works once a tablet was paired with it."""

    name = "attendance.kiosk.made"
    kiosk_id: UUID


@dataclass(frozen=True, kw_only=True)
class KioskPaired(Event):
    """A tablet became a kiosk; whichever was it before is none any more."""

    name = "attendance.kiosk.paired"
    kiosk_id: UUID


@dataclass(frozen=True, kw_only=True)
class KioskPinSet(Event):
    """Somebody set, or changed, the PIN by which they punch at kiosks."""

    name = "attendance.kiosk_pin.set"
    employment_id: UUID


@dataclass(frozen=True, kw_only=True)
class KioskPinRemoved(Event):
    """Somebody's PIN for kiosks is none any more."""

    name = "attendance.kiosk_pin.removed"
    employment_id: UUID


@dataclass(frozen=True, kw_only=True)
class KioskRevoked(Event):
    """A kiosk was taken out of use."""

    name = "attendance.kiosk.revoked"
    kiosk_id: UUID


@dataclass(frozen=True, kw_only=True)
class FindingSeen(Event):
    """Somebody looked at what working-time law says to a day, and let it stand."""

    name = "attendance.finding.seen"
    employment_id: UUID
    on: date
    code: str


@dataclass(frozen=True, kw_only=True)
class FindingPutBack(Event):
    """A finding that was seen is to be looked at again."""

    name = "attendance.finding.put_back"
    employment_id: UUID
    on: date
    code: str
