"""What is typed about employments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.people import employment_queries
from zhiren.people.models import Employment
from zhiren.plumbing.forms import DayField, NamedChoiceField

_PLACED = ("department", "position", "branch", "manager")


class ManagerField(NamedChoiceField):
    """A choice among employments, shown by the person's name and staff number."""

    def label_from_instance(self, obj: Any) -> str:
        """Return who it is."""
        return f"{obj.person.name} {obj.number}".strip()


class IdentityForm(forms.Form):
    """What somebody is known by: to people, and to time clocks."""

    number = forms.CharField(label=_("Staff number"), max_length=40, required=False)
    badge = forms.CharField(
        label=_("Badge"),
        max_length=40,
        required=False,
        help_text=_(
            "What time clocks know the person by. Punches that went to somebody else before can be handed over on that "
            "person's month of attendance."
        ),
    )


class PlacedForm(forms.Form):
    """Where somebody works, and for whom."""

    department = NamedChoiceField(label=_("Department"))
    position = NamedChoiceField(label=_("Position"), required=False)
    branch = NamedChoiceField(label=_("Place of work"), required=False)
    manager = ManagerField(label=_("Manager"), required=False)

    def __init__(self, data: Any = None, *, actor: Actor, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        staff = employment_queries.managers_to_choose(actor, besides=(initial or {}).get("manager"))
        choices: dict[str, Any] = {
            "department": org.departments(actor),
            "position": org.positions(actor),
            "branch": org.branches(actor),
            "manager": staff.order_by("person__name", "pk"),
        }
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, NamedChoiceField)  # noqa: S101 - declared above
            field.queryset = rows

    def placed(self) -> dict[str, Any]:
        """Return the ids of what was chosen."""
        return {f"{name}_id": row.pk if (row := self.cleaned_data[name]) else None for name in _PLACED}


class EmployForm(PlacedForm, IdentityForm):
    """A new employment; the person is found by phone number or address where we know them."""

    name = forms.CharField(label=_("Name"), max_length=200)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    mail = forms.EmailField(
        label=_("Mail address"), required=False, help_text=_("Whoever signs in with this address sees their own data.")
    )
    from_on = DayField(label=pgettext_lazy("employment", "First day"))
    worked_since = DayField(
        label=_("At work since"),
        required=False,
        help_text=_("With whichever employers: annual leave by law counts from it. Empty: since the first day here."),
    )
    field_order = ("name", "phone", "mail", "department", "position", "branch", "manager", "from_on")

    def clean(self) -> dict[str, Any]:
        """Ask for a phone number or an address: without one the same person would be there twice."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("phone") and not cleaned.get("mail"):
            self.add_error("phone", _("A phone number or a mail address is needed."))
        return cleaned


class TransferForm(PlacedForm):
    """Another place from a day on."""

    on = DayField(label=_("From this day on"))


class EndForm(forms.Form):
    """The last day, and why it is."""

    to_on = DayField(label=pgettext_lazy("employment", "Last day"))
    reason = forms.ChoiceField(label=_("Reason"), choices=Employment.EndReason.choices)
