"""What happened to leave. Attendance counts by these: each that changes somebody's days says from when to when."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class LeaveEvent(Event):
    """What every event of a leave says. `starts_at` and `ends_at` enclose all its days (UTC)."""

    leave_id: UUID
    employment_id: UUID
    type_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class LeaveRequested(LeaveEvent):
    """Leave was asked for."""

    name = "leave.leave.requested"


@dataclass(frozen=True, kw_only=True)
class LeaveApproved(LeaveEvent):
    """Leave holds now: `intervals` are its days, each from when to when."""

    name = "leave.leave.approved"
    intervals: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, kw_only=True)
class LeaveDeclined(LeaveEvent):
    """Somebody who was asked said no."""

    name = "leave.leave.declined"


@dataclass(frozen=True, kw_only=True)
class LeaveWithdrawn(LeaveEvent):
    """It was taken back before it was decided."""

    name = "leave.leave.withdrawn"


@dataclass(frozen=True, kw_only=True)
class LeaveShortened(LeaveEvent):
    """Approved leave ends earlier: `intervals` are the days that no longer hold, `to_on` the last that does."""

    name = "leave.leave.shortened"
    to_on: date
    intervals: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, kw_only=True)
class LeaveCancelled(LeaveEvent):
    """Approved leave no longer holds: `intervals` are the days that did."""

    name = "leave.leave.cancelled"
    intervals: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, kw_only=True)
class BalanceAdjusted(Event):
    """Somebody corrected a balance by hand, or gave leave."""

    name = "leave.balance.adjusted"
    employment_id: UUID
    type_id: UUID
    entry_id: UUID
    minutes: int


@dataclass(frozen=True, kw_only=True)
class LeftWithBalance(Event):
    """The employment has ended and leave is left that is to be paid out: so many minutes, `rules.DAY` to a day."""

    name = "leave.balance.left"
    employment_id: UUID
    type_id: UUID
    on: date
    minutes: int
