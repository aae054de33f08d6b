"""What is typed about attendance at earlier employers."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.people.models import PastAttendance
from zhiren.people.past_attendance import Figures
from zhiren.plumbing.forms import DayField

_MOST_DAYS = 30_000


def _count(label: Any, **given: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=_MOST_DAYS, **given)


class ConsentForm(forms.Form):
    """How somebody agreed, and until when it holds."""

    door = forms.ChoiceField(
        label=_("How they agreed"),
        choices=[
            ("signed", pgettext_lazy("how somebody agreed", "Signed on paper")),
            ("mail", pgettext_lazy("how somebody agreed", "By mail")),
            ("call", pgettext_lazy("how somebody agreed", "On the phone")),
        ],
    )
    until = DayField(label=_("Holds until"), help_text=_("At most two years; then all that was noted is erased."))


class PastAttendanceForm(forms.Form):
    """Attendance at an earlier employer, in counts."""

    source = forms.ChoiceField(
        label=_("Where it is from"),
        choices=[(code, label) for code, label in PastAttendance.Source.choices if code != PastAttendance.Source.OWN],
    )
    employer = forms.CharField(label=pgettext_lazy("past attendance", "Employer"), max_length=200)
    from_on = DayField(label=pgettext_lazy("past attendance", "First day"))
    to_on = DayField(label=pgettext_lazy("past attendance", "Last day"))
    workdays = _count(_("Working days"))
    late = _count(_("Days late"))
    leaves = _count(_("Leaves taken"), help_text=_("Each counts once, however long it was."))
    leave_days = _count(_("Days of leave"))
    longest_streak = _count(_("Longest streak of full attendance, in working days"))
    measured = _count(_("Days with known hours"))
    steady = _count(_("Of these, days worked as long as planned"))
    proof = forms.FileField(
        label=pgettext_lazy("past attendance", "Document"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text=_("A picture or a PDF file of at most 10 MB; needed for what the candidate tells."),
    )

    def figures(self) -> Figures:
        """Return the numbers; valid only."""
        given: dict[str, Any] = self.cleaned_data
        names = ("workdays", "late", "leaves", "leave_days", "longest_streak", "steady", "measured")
        counts: dict[str, int] = {name: given[name] for name in names}
        first: date = given["from_on"]
        last: date = given["to_on"]
        return Figures(from_on=first, to_on=last, **counts)

    def document(self) -> tuple[str, bytes] | None:
        """Return the name and the bytes of the document; None without one."""
        file = self.cleaned_data["proof"]
        return (file.name or "document", file.read()) if file else None
