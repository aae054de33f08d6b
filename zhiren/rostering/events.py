"""What happened to shifts and rosters."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PlanEvent(Event):
    """A plan was published: `against` are the rules of working time it was said not to keep (codes of `law`), and
    `reason` why it holds all the same. Reasons name nobody."""

    against: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ShiftPublished(PlanEvent):
    """A shift says something else from a date on."""

    name = "rostering.shift.published"
    shift_id: UUID
    number: int
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class GroupPublished(PlanEvent):
    """A group works otherwise from a date on."""

    name = "rostering.group.published"
    group_id: UUID
    number: int
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class MemberPlaced(PlanEvent):
    """Somebody is planned by a group from a date on."""

    name = "rostering.member.placed"
    employment_id: UUID
    group_id: UUID
    from_on: date


@dataclass(frozen=True, kw_only=True)
class DayEvent(Event):
    """Something about what somebody works on one date."""

    employment_id: UUID
    on: date


@dataclass(frozen=True, kw_only=True)
class DayAssigned(DayEvent):
    """Somebody works another shift on a date; without `shift_id` they are off."""

    name = "rostering.day.assigned"
    shift_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class DayGivenBack(DayEvent):
    """Somebody works on a date what their group says again."""

    name = "rostering.day.given_back"
