"""What people ask for about attendance, as something that must be approved."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.approvals.kinds import Cancelling, Description, Field, Kind, Line, Values, kinds
from zhiren.attendance import requests
from zhiren.attendance.models import Request


def _described(values: Values) -> Description:
    zone = ZoneInfo(values["zone"])
    begins, ends = (_moment(values[end], zone) for end in ("starts_at", "ends_at"))
    kind = str(Request.Kind(values["kind"]).label)
    if values["kind"] == Request.Kind.CORRECTION:
        lines = [Line(_("Time"), begins)]
    else:
        lines = [Line(_("From"), begins), Line(_("Until"), ends), Line(_("Hours"), f"{values['hours']:g}")]
    if values["reason"]:
        lines.append(Line(_("Reason"), values["reason"]))
    return Description(_("%(kind)s, %(since)s") % {"kind": kind, "since": begins}, lines)


def _moment(text: str, zone: ZoneInfo) -> str:
    return date_format(datetime.fromisoformat(text).astimezone(zone), "SHORT_DATETIME_FORMAT")


kinds.add(
    requests.KIND,
    Kind(
        title=gettext_lazy("Attendance"),
        icon="clock",
        describe=_described,
        steps=({"ask": ["manager"]},),
        fields=(
            Field("hours", gettext_lazy("Hours")),
            Field("kind", gettext_lazy("What is asked for"), "choice", lambda: Request.Kind.choices),
        ),
        cancelling=Cancelling.WITH_APPROVAL,
        on_approved=requests.approve,
        on_declined=requests.decline,
        on_withdrawn=requests.withdraw,
        on_cancelled=requests.withdraw,
    ),
)
