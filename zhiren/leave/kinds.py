"""Leave as something that must be approved."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from zhiren.approvals.kinds import Cancelling, Description, Field, Kind, Line, Values, kinds
from zhiren.leave import outcomes, services
from zhiren.leave.models import LeaveType
from zhiren.leave.words import amount


def _described(values: Values) -> Description:
    name = (values["type_en"] if get_language() == "en" else "") or values["type"]
    first, last = (date_format(date.fromisoformat(values[end])) for end in ("from", "to"))
    length = amount(values["minutes"], in_hours=values["in_hours"])
    lines = [
        Line(_("From"), _at_midday(first, values.get("from_midday"))),
        Line(_("Until"), _at_midday(last, values.get("until_midday"))),
    ]
    if values.get("hours"):
        lines.append(Line(pgettext("leave", "Time"), "–".join(values["hours"])))
    lines.append(Line(_("Length"), length))
    if values["reason"]:
        lines.append(Line(_("Reason"), values["reason"]))
    return Description(_("%(type)s, %(length)s from %(day)s") % {"type": name, "length": length, "day": first}, lines)


def _at_midday(day: str, is_half: bool | None) -> str:
    return _("%(day)s, midday") % {"day": day} if is_half else day


def _types() -> list[tuple[str, str]]:
    return [(row.code, row.label) for row in LeaveType.objects.order_by("position", "name")]


kinds.add(
    services.KIND,
    Kind(
        title=gettext_lazy("Leave"),
        icon="calendar-days",
        describe=_described,
        steps=({"ask": ["manager"]}, {"ask": ["hr"], "when": [{"field": "days", "is": "more", "than": 3}]}),
        fields=(
            Field("days", gettext_lazy("Days")),
            Field("code", gettext_lazy("Type of leave"), "choice", _types),
            Field("paid", gettext_lazy("Paid"), "yes_no"),
        ),
        cancelling=Cancelling.FREELY,
        check_cancelling=outcomes.check_cancelling,
        url_name="leave:leave",
        panel_name="leave:beside",
        on_approved=outcomes.approve,
        on_declined=outcomes.decline,
        on_withdrawn=outcomes.note_withdrawn,
        on_cancelled=outcomes.note_cancelled,
    ),
)
