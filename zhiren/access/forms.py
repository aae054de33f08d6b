"""What is typed about users."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhiren.access import queries
from zhiren.access.models import Role, Scope
from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.plumbing.forms import NamedChoiceField
from zhiren.plumbing.places import ZoneField

LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


class _ChoosingForm(forms.Form):
    """What both forms share: rows are handed on as ids."""

    def chosen(self) -> dict[str, Any]:
        """Return what was typed, with `department_id`, `entity_id` and `manager_id` for the rows."""
        rows = {"department", "entity", "manager"}
        plain = {name: value for name, value in self.cleaned_data.items() if name not in rows}
        ids = {f"{name}_id": row.pk if row else None for name, row in self.cleaned_data.items() if name in rows}
        return {**plain, **ids}


class InviteForm(_ChoosingForm):
    """A new user."""

    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("Mail address"))
    title = forms.CharField(label=_("Title"), max_length=100, required=False)
    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence with which candidates are introduced to them after an interview."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    manager = NamedChoiceField(label=_("Manager"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    scope = forms.ChoiceField(label=_("Reaches"), choices=Scope.choices)
    department = NamedChoiceField(label=_("Department"), required=False)
    entity = NamedChoiceField(label=_("Legal entity"), required=False)

    def __init__(self, data: object = None, *, actor: Actor) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # request.POST or None
        self.fields["zone"] = ZoneField(initial="Asia/Shanghai")
        _offer(self, actor)


class GrantForm(_ChoosingForm):
    """One more role for a user."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    scope = forms.ChoiceField(label=_("Reaches"), choices=Scope.choices)
    department = NamedChoiceField(label=_("Department"), required=False)
    entity = NamedChoiceField(label=_("Legal entity"), required=False)

    def __init__(self, data: object = None, *, actor: Actor) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # request.POST or None
        _offer(self, actor)


def _offer(form: forms.Form, actor: Actor) -> None:
    choices: dict[str, QuerySet[Any]] = {"department": org.departments(actor), "entity": org.entities(actor)}
    choices["manager"] = queries.colleagues(actor)
    for name, rows in choices.items():
        field = form.fields.get(name)
        if isinstance(field, NamedChoiceField):
            field.queryset = rows


class PreferencesForm(forms.Form):
    """How the reader reads."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, data: object = None, *, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # request.POST or None
        self.fields["zone"] = ZoneField(initial="Asia/Shanghai")
