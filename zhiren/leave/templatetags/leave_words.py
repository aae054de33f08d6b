"""Leave in words, for templates."""

from django import template

from zhiren.leave.models import Leave, LeaveType
from zhiren.leave.words import amount

register = template.Library()
_TONES = {
    Leave.State.REQUESTED: "warn", Leave.State.APPROVED: "good", Leave.State.DECLINED: "bad",
}  # fmt: skip


@register.filter
def amount_of(minutes: int, leave_type: LeaveType) -> str:
    """Return an amount of a type of leave: 2.5 days, or 4 hours."""
    return amount(minutes, in_hours=leave_type.in_hours)


@register.filter
def leave_tone(state: str) -> str:
    """Return the tone of a leave's state."""
    return _TONES.get(Leave.State(state), "")
