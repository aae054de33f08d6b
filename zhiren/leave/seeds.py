"""The types of leave that come along, brought in once; what people changed stays theirs."""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from zhiren.kernel import yamls
from zhiren.leave.models import AccrualPlan, LeaveType
from zhiren.plumbing.seeds import comes_along

_FILE = Path(__file__).parent / "shipped.yaml"


@comes_along
@transaction.atomic
def bring_in_types(at: datetime) -> None:
    """Create each type that is not there yet, and with it how it is earned."""
    known = set(LeaveType.objects.values_list("code", flat=True))
    shipped = yamls.load(_FILE.read_text(encoding="utf-8"))
    for position, (code, facts) in enumerate(shipped.items()):
        if code in known:
            continue
        plan = facts.pop("plan", None)
        created = LeaveType.objects.create(code=code, position=position * 10, **facts)
        if plan:
            AccrualPlan.objects.create(type=created, from_on=date(at.year, 1, 1), **plan)
