"""What the pages of leave take in."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.leave import rules
from zhiren.leave.counting import Wish
from zhiren.leave.errors import TooManyDocuments
from zhiren.leave.models import AccrualPlan, LeaveType
from zhiren.leave.services import LARGEST_DOCUMENT
from zhiren.org import queries as org
from zhiren.plumbing.forms import DayField, NamedChoiceField

_MOST_FILES = 5
_STEP = re.compile(r"\s*(\d{1,4})\s*[:：]\s*(\d{1,3}(?:\.\d{1,9})?)\s*")
_LONGEST_SERVICE, _MOST_DAYS = 1200, 366  # in months; a year
_STEPS_WANTED = _("Write each step as months of service and days a year, such as 12: 5. Nothing was saved.")


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class WishForm(forms.Form):
    """From when to when; what the type does not know is not asked."""

    type = forms.ChoiceField(label=_("Type of leave"))
    from_on = DayField(label=pgettext_lazy("leave", "First day"))
    to_on = DayField(label=pgettext_lazy("leave", "Last day"))
    from_midday = forms.BooleanField(label=_("The first day from midday only"), required=False)
    until_midday = forms.BooleanField(label=_("The last day until midday only"), required=False)
    starts = _time(pgettext_lazy("leave", "Hours from"))
    ends = _time(pgettext_lazy("leave", "Hours until"))

    def __init__(self, data: Any = None, *, types: list[LeaveType], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.types = {str(row.pk): row for row in types}
        field = self.fields["type"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, row.label) for key, row in self.types.items()]
        chosen = self.chosen
        if chosen is None or chosen.unit == LeaveType.Unit.DAY:
            del self.fields["from_midday"], self.fields["until_midday"]
        if chosen is None or chosen.unit != LeaveType.Unit.HOUR:
            del self.fields["starts"], self.fields["ends"]

    @property
    def chosen(self) -> LeaveType | None:
        """The type chosen, else the first."""
        key = self.data.get("type") or self.initial.get("type") or next(iter(self.types), "")
        return self.types.get(str(key))

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start, and half a span of hours."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_on"), cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", _("The last day is before the first."))
        if bool(cleaned.get("starts")) != bool(cleaned.get("ends")):
            self.add_error("ends", _("Hours need a beginning and an end."))
        return cleaned

    def wish(self) -> Wish:
        """Return what was asked for."""
        given = self.cleaned_data
        return Wish(
            given["from_on"],
            given["to_on"],
            from_midday=given.get("from_midday", False),
            until_midday=given.get("until_midday", False),
            starts=given.get("starts"),
            ends=given.get("ends"),
        )


class AskForm(WishForm):
    """A request for leave, with what to say about it."""

    reason = forms.CharField(
        label=pgettext_lazy("leave", "Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only you, HR and those who decide can read it."),
    )
    papers = forms.FileField(
        label=pgettext_lazy("leave", "Documents"),
        required=False,
        widget=_Files(attrs={"multiple": True, "accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text=_("PDF files or pictures, at most 10 MB each."),
    )


def documents_of(files: Any) -> list[tuple[str, bytes]]:
    """Return the names and bytes of what was uploaded; of what is too large, as much as shows that it is.

    Raises:
        TooManyDocuments: none is left out in silence.
    """
    uploaded = files.getlist("papers")
    if len(uploaded) > _MOST_FILES:
        raise TooManyDocuments(most=_MOST_FILES)
    return [(file.name or "document", file.read(LARGEST_DOCUMENT + 1)) for file in uploaded]


class ShortenForm(forms.Form):
    """An earlier end."""

    to_on = DayField(label=pgettext_lazy("leave", "Last day"))


class AdjustForm(forms.Form):
    """Leave given or taken away by hand."""

    type = forms.ChoiceField(label=_("Type of leave"))
    amount = forms.DecimalField(
        label=pgettext_lazy("leave", "How much"),
        max_digits=6,
        decimal_places=2,
        min_value=Decimal(-366),
        max_value=Decimal(366),
        help_text=_("In days, or in hours where the type counts hours; below zero takes away."),
    )
    on = DayField(label=pgettext_lazy("leave", "Counts from"))
    expires_on = DayField(label=pgettext_lazy("leave", "Lapses after"), required=False)
    note = forms.CharField(label=pgettext_lazy("leave", "Reason"), max_length=300)

    def __init__(self, data: Any = None, *, types: list[LeaveType], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.types = {str(row.pk): row for row in types}
        field = self.fields["type"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, row.label) for key, row in self.types.items()]

    def clean_amount(self) -> Decimal:
        """Refuse nothing at all."""
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Nothing would change."))
        return amount

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.cleaned_data
        row = self.types[given["type"]]
        return {
            "type_id": row.pk,
            "minutes": int(given["amount"] * (60 if row.in_hours else rules.DAY)),
            "on": given["on"],
            "expires_on": given["expires_on"],
            "note": given["note"],
        }


class TypeForm(forms.ModelForm[LeaveType]):
    """A type of leave."""

    may_owe_days = forms.DecimalField(
        label=_("May be owed, in days"), min_value=0, max_value=366, decimal_places=1, initial=0
    )

    class Meta:
        model = LeaveType
        fields = [
            "code", "name", "name_en", "unit", "counts", "in_hours", "is_paid", "needs_balance", "pays_out",
            "document_after", "most_days", "after_months", "position", "is_active",
        ]  # fmt: skip
        labels = {
            "code": _("Code"), "name": pgettext_lazy("leave type", "Name"), "name_en": _("English name"),
            "unit": _("Smallest unit"),
            "counts": pgettext_lazy("leave type", "Counts"),
            "in_hours": _("Balances are in hours rather than days"), "is_paid": _("Paid"),
            "needs_balance": _("Only what the balance holds can be taken"),
            "pays_out": _("What is left is paid out at the end"),
            "document_after": _("Document needed beyond so many days"), "most_days": _("Days at a time at most"),
            "after_months": _("Months of service before the first"),
            "position": _("Place in the list"), "is_active": _("In use"),
        }  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, instance: LeaveType | None = None) -> None:
        super().__init__(data, instance=instance)
        self.fields["entity"] = _entity(actor, instance.entity_id if instance else None)
        if instance:
            self.fields["may_owe_days"].initial = Decimal(instance.may_owe) / rules.DAY
            self.fields["code"].disabled = True

    def row(self) -> LeaveType:
        """Return the type as it was filled in, not saved."""
        row: LeaveType = self.save(commit=False)
        row.entity = self.cleaned_data["entity"]
        row.may_owe = int(self.cleaned_data["may_owe_days"] * rules.DAY)
        return row


class PlanForm(forms.ModelForm[AccrualPlan]):
    """How a type is earned; steps are written one a line, as months of service and days a year."""

    steps_text = forms.CharField(
        label=_("Days a year by months of service"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "0: 10\n60: 12"}),
        help_text=_("One step a line: 60: 12 means twelve days a year from five years of service on."),
    )
    carry_days = forms.DecimalField(
        label=_("Carried over at most, in days"),
        required=False,
        min_value=0,
        max_value=366,
        decimal_places=1,
        help_text=_("Empty carries everything; 0 carries nothing."),
    )

    from_on = DayField(label=_("Counts from"))

    class Meta:
        model = AccrualPlan
        fields = [
            "type", "from_on", "by_law", "grants", "year", "start_after_months", "is_prorated", "round_to", "rounds",
            "carry_months",
        ]  # fmt: skip
        labels = {
            "type": _("Type of leave"),
            "by_law": _("As the law of the country says"), "grants": _("Granted"), "year": _("Leave year"),
            "start_after_months": _("Nothing in the first months"),
            "is_prorated": _("First and last year by days"), "round_to": _("Rounded to"), "rounds": _("Rounded"),
            "carry_months": _("What was carried over lapses after so many months"),
        }  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, types: Any, instance: AccrualPlan | None = None) -> None:
        super().__init__(data, instance=instance)
        chosen = NamedChoiceField(label=_("Type of leave"))
        chosen.queryset = types
        self.fields["type"] = chosen
        self.fields["entity"] = _entity(actor, instance.entity_id if instance else None)
        if instance:
            self.fields["steps_text"].initial = "\n".join(
                f"{months}: {minutes / rules.DAY:.6g}" for months, minutes in instance.steps
            )
            if instance.carry_most is not None:
                self.fields["carry_days"].initial = Decimal(instance.carry_most) / rules.DAY
        self.order_fields(["type", "entity", "from_on", "by_law", "steps_text"])

    def clean_steps_text(self) -> list[list[int]]:
        """Return the steps, each as months and minutes; refuse a line that is none."""
        found = []
        for line in self.cleaned_data["steps_text"].splitlines():
            if not line.strip():
                continue
            match = _STEP.fullmatch(line)
            if not match or int(match[1]) > _LONGEST_SERVICE or Decimal(match[2]) > _MOST_DAYS:
                raise forms.ValidationError(_STEPS_WANTED)
            found.append([int(match[1]), round(Decimal(match[2]) * rules.DAY)])
        return sorted(found)

    def clean(self) -> dict[str, Any]:
        """Ask for steps where the law gives none."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("by_law") and cleaned.get("steps_text") == []:
            self.add_error("steps_text", _STEPS_WANTED)
        return cleaned

    def row(self) -> AccrualPlan:
        """Return the plan as it was filled in, not saved."""
        row: AccrualPlan = self.save(commit=False)
        row.entity = self.cleaned_data["entity"]
        row.steps = self.cleaned_data["steps_text"]
        carry = self.cleaned_data["carry_days"]
        row.carry_most = None if carry is None else int(carry * rules.DAY)
        return row


def _entity(actor: Actor, chosen: Any) -> NamedChoiceField:
    field = NamedChoiceField(label=_("Legal entity"), required=False, help_text=_("Empty: for all of them."))
    field.queryset = org.entities(actor)
    field.initial = chosen
    return field
