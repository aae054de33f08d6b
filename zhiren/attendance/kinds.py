"""What people ask for about attendance, as something that must be approved."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhiren.approvals.kinds import Cancelling, Description, Field, Kind, Line, Values, kinds
from zhiren.attendance import requests, shift_changes
from zhiren.attendance.models import Request
from zhiren.attendance.shift_queries import KIND
from zhiren.attendance.words import shift_told


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


def _change_described(values: Values) -> Description:
    first = date_format(date.fromisoformat(values["days"][0]["on"]))
    lines = [
        Line(
            _("%(name)s, %(day)s") % {"name": day["name"], "day": date_format(date.fromisoformat(day["on"]))},
            _("%(before)s → %(after)s") % {"before": shift_told(day["before"]), "after": shift_told(day["after"])},
        )
        for day in values["days"]
    ]
    if values["warnings"]:
        told = ngettext("%(n)d warning", "%(n)d warnings", values["warnings"]) % {"n": values["warnings"]}
        lines.append(Line(_("Working-time law"), told))
    if values["reason"]:
        lines.append(Line(_("Reason"), values["reason"]))
    if values["kind"] == "swap":
        given = {"name": values["name"], "colleague": values["colleague"], "day": first}
        return Description(_("Swap of shifts, %(name)s and %(colleague)s, %(day)s") % given, lines)
    given = {"day": first, "shift": shift_told(values["days"][0]["after"])}
    return Description(_("Another shift on %(day)s: %(shift)s") % given, lines)


kinds.add(
    KIND,
    Kind(
        title=gettext_lazy("Change of shifts"),
        icon="arrow-left-right",
        describe=_change_described,
        steps=({"ask": ["manager"]},),
        fields=(
            Field("days_ahead", gettext_lazy("Days ahead")),
            Field("warnings", gettext_lazy("Warnings of working-time law")),
            Field(
                "kind",
                gettext_lazy("What is asked for"),
                "choice",
                lambda: [("change", _("Another shift")), ("swap", _("Swap with a colleague"))],
            ),
        ),
        cancelling=Cancelling.WITH_APPROVAL,
        panel_name="attendance:beside_shift_change",
        on_approved=shift_changes.approve,
        on_declined=shift_changes.decline,
        on_withdrawn=shift_changes.withdraw,
        on_cancelled=shift_changes.withdraw,
    ),
)
