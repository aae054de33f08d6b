"""What is typed about changes of shifts."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.attendance import shift_queries
from zhiren.attendance.shift_changes import Wish
from zhiren.kernel.actors import Actor
from zhiren.people.models import Employment
from zhiren.plumbing.forms import DayField

_CHANGE, _SWAP = "change", "swap"
_OFF, _GROUP = "off", "group"


class ShiftChangeForm(forms.Form):
    """Another shift on a date, or a swap with a colleague on one or two dates."""

    what = forms.ChoiceField(
        label=_("What is asked for"), choices=[(_CHANGE, _("Another shift")), (_SWAP, _("Swap with a colleague"))]
    )
    on = DayField(label=pgettext_lazy("change of shifts", "Day"))
    shift = forms.ChoiceField(label=_("Shift to work instead"))
    colleague = forms.ChoiceField(label=_("Swap with"), help_text=_("They are asked first, then who approves it."))
    also_on = DayField(
        label=_("And on another day"),
        required=False,
        help_text=_("On each of the days you work what they are planned, and they what you are."),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, data: Any = None, *, employment: Employment, actor: Actor, today: date, given: Any = None
    ) -> None:
        initial = {"what": _CHANGE, "on": today, **(given or {})}
        super().__init__(data, initial=initial)
        said = data if data is not None else initial
        on = said.get("on") or today
        day = on if isinstance(on, date) else _read(on) or today
        if said.get("what") == _SWAP:
            del self.fields["shift"]
            rows = shift_queries.colleagues_of(employment, day, but=actor.user_id)
            self._offer("colleague", [(str(row.pk), row.person.name) for row in rows])
        else:
            del self.fields["colleague"], self.fields["also_on"]
            self._offer("shift", [(str(row.pk), row.label) for row in shift_queries.shifts_on(day)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "—"), *choices]

    def wish(self) -> Wish:
        """Return what is asked for; valid only."""
        given = self.cleaned_data
        return Wish(
            on=given["on"],
            shift_id=UUID(given["shift"]) if given.get("shift") else None,
            colleague_id=UUID(given["colleague"]) if given.get("colleague") else None,
            also_on=given.get("also_on"),
        )


def _read(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # such as 30 February
        return None


class PlanDayForm(forms.Form):
    """What somebody works on one date: a shift, nothing, or what their group says."""

    plan = forms.ChoiceField(label=pgettext_lazy("change of shifts", "Works"))
    note = forms.CharField(
        label=pgettext_lazy("change of shifts", "Why"),
        required=False,
        max_length=200,
        help_text=_("The person and their manager can read it."),
    )

    def __init__(self, data: Any = None, *, on: date, given: Any = None) -> None:
        super().__init__(data, initial=given)
        field = self.fields["plan"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (_GROUP, _("What the group says")),
            (_OFF, _("Nothing: a day off")),
            *((str(row.pk), row.label) for row in shift_queries.shifts_on(on)),
        ]

    @property
    def follows_group(self) -> bool:
        """Whether the group shall plan the day; valid only."""
        return bool(self.cleaned_data["plan"] == _GROUP)

    @property
    def shift_id(self) -> UUID | None:
        """The shift to be worked, None for a day off; valid only."""
        plan = self.cleaned_data["plan"]
        return None if plan in {_OFF, _GROUP} else UUID(plan)
