"""What people fill in about openings and candidates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiren.access import queries as access
from zhiren.kernel.actors import Actor
from zhiren.kernel.money import CURRENCIES, Money, minor_digits
from zhiren.org import queries as org
from zhiren.recruiting import queries, words
from zhiren.recruiting.lists import Filters
from zhiren.recruiting.models import Opening, Stage


def _or_more(years: int) -> str:
    return gettext("%(n)d years or more") % {"n": years}


_AT_LEAST = (
    ("", _("Any degree")),
    ("associate", _("Associate degree or higher")),
    ("bachelor", _("Bachelor or higher")),
    ("master", _("Master or higher")),
    ("doctor", _("Doctor")),
)
_YEARS = (
    ("", _("Any experience")),
    *((str(years), lazy(_or_more, str)(years)) for years in (1, 3, 5, 10)),
)


Choices = list[tuple[str, str]]


def colleagues(actor: Actor) -> Choices:
    """Return whom an opening can be given to or shared with: fetched once for all the fields of a page."""
    rows = access.colleagues(actor).values_list("pk", "name", "title")
    return [(str(user_id), f"{name} · {title}" if title else name) for user_id, name, title in rows]


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A choice among rows that are called by the label or name of the row."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what the row is called in the reader's language."""
        return str(getattr(obj, "label", "") or obj.name)


class _Position(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A choice among positions, told apart by their departments."""

    def label_from_instance(self, obj: Any) -> str:
        """Return department and title."""
        return f"{obj.department.label} · {obj.label}"


class OpeningForm(forms.Form):
    """An opening: what, where, how many, for how much, and who decides. Pay is per month, in whole units."""

    title = forms.CharField(label=_("Title in Chinese"), max_length=200, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    description = forms.CharField(label=_("Description in Chinese"), widget=forms.Textarea, required=False)
    description_en = forms.CharField(label=_("Description in English"), widget=forms.Textarea, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    branch = _Named(label=_("Place of work"), queryset=None, required=False, empty_label="—")
    hiring_manager = forms.TypedChoiceField(label=_("Hiring manager"), required=False, coerce=UUID, empty_value=None)
    headcount = forms.IntegerField(label=_("How many people"), min_value=1, max_value=10_000, initial=1)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="CNY")
    pay_from = forms.DecimalField(label=_("Pay from"), min_value=0, max_digits=12, required=False)
    pay_to = forms.DecimalField(label=_("Pay to"), min_value=0, max_digits=12, required=False)
    shows_pay = forms.BooleanField(label=_("Show the pay on the career site"), required=False, initial=True)

    def __init__(self, data: Any = None, *, actor: Actor, colleagues: Choices, opening: Opening | None = None) -> None:
        super().__init__(data, initial=_initial(opening) if opening else {})
        self.fields["branch"].queryset = org.branches(actor)  # type: ignore[attr-defined]  # a choice among rows
        self.fields["hiring_manager"].choices = [("", "—"), *colleagues]  # type: ignore[attr-defined]  # likewise
        self.fields["title"].required = opening is not None

    def clean(self) -> dict[str, Any]:
        """Return the fields with pay in the smallest unit; the range must be in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        currency = cleaned.get("currency") or "CNY"
        for name in ("pay_from", "pay_to"):
            amount = cleaned.get(name)
            if isinstance(amount, Decimal):
                try:
                    cleaned[name] = Money.of(amount, currency).amount_minor
                except ValueError:
                    self.add_error(name, _("This is finer than the currency can be paid."))
        if cleaned.get("pay_from") and cleaned.get("pay_to") and cleaned["pay_to"] < cleaned["pay_from"]:
            self.add_error("pay_to", _("This is less than the lower end of the range."))
        return cleaned

    def details(self) -> dict[str, Any]:
        """Return the columns of the opening."""
        given = dict(self.cleaned_data)
        branch = given.pop("branch")
        given["branch_id"] = branch.pk if branch else None
        given["hiring_manager_id"] = given.pop("hiring_manager")
        return {name: value for name, value in given.items() if name not in {"position", "template"}}


class NewOpeningForm(OpeningForm):
    """An opening to be drafted; what is left empty comes from the position and its grade."""

    field_order = ("position", "template")
    position = _Position(label=pgettext_lazy("organisation", "Position"), queryset=None, empty_label=_("Choose…"))
    template = _Named(label=_("Stages"), queryset=None, required=False, empty_label=None)

    def __init__(self, data: Any = None, *, actor: Actor, colleagues: Choices) -> None:
        super().__init__(data, actor=actor, colleagues=colleagues)
        self.fields["position"].queryset = org.positions(actor)  # type: ignore[attr-defined]  # a choice among rows
        self.fields["template"].queryset = queries.stage_templates()  # type: ignore[attr-defined]  # likewise


def _initial(opening: Opening) -> dict[str, Any]:
    digits = minor_digits(opening.currency)
    plain = ("title", "title_en", "description", "description_en", "city", "headcount", "currency", "shows_pay")
    pay = {
        name: None if amount is None else (Decimal(amount).scaleb(-digits)).normalize().__format__("f")
        for name, amount in (("pay_from", opening.pay_from), ("pay_to", opening.pay_to))
    }
    return {
        **{name: getattr(opening, name) for name in plain},
        **pay,
        "branch": opening.branch_id,
        "hiring_manager": opening.hiring_manager_id,
    }


class StageForm(forms.Form):
    """How long a stage may take, in business hours, and who looks after it."""

    limit_hours = forms.IntegerField(
        label=_("Time limit in business hours"), min_value=1, max_value=2000, required=False
    )
    owner = forms.TypedChoiceField(label=_("Looked after by"), required=False, coerce=UUID, empty_value=None)

    def __init__(self, data: Any = None, *, stage: Stage, colleagues: Choices) -> None:
        initial = {"limit_hours": stage.limit_hours, "owner": stage.owner_id}
        super().__init__(data, prefix=stage.pk.hex, initial=initial)
        self.stage = stage
        field: Any = self.fields["owner"]
        field.choices = [("", _("Owner of the opening")), *colleagues]


class TeamForm(forms.Form):
    """Who works on an opening besides its owner."""

    team = forms.TypedMultipleChoiceField(
        label=_("Colleagues"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, opening: Opening, colleagues: Choices, chosen: Sequence[UUID]) -> None:
        super().__init__(data, initial={"team": [str(user_id) for user_id in chosen]})
        field: Any = self.fields["team"]
        field.choices = [(user_id, name) for user_id, name in colleagues if user_id != str(opening.owner_id)]


class FilterForm(forms.Form):
    """What a table of candidates shows. What makes no sense is passed over."""

    q = forms.CharField(required=False, max_length=60)
    stage = forms.UUIDField(required=False)
    opening = forms.UUIDField(required=False)
    state = forms.ChoiceField(
        required=False, choices=[("active", _("In progress")), ("exited", _("Ended")), ("all", _("All states"))]
    )
    source = forms.ChoiceField(required=False, choices=[("", _("Any source")), *words.SOURCES.items()])
    degree = forms.ChoiceField(required=False, choices=_AT_LEAST)
    years = forms.ChoiceField(required=False, choices=_YEARS)
    city = forms.CharField(required=False, max_length=100)
    overdue = forms.BooleanField(required=False)
    key = forms.BooleanField(required=False)
    sort = forms.ChoiceField(
        required=False,
        choices=[
            ("newest", _("Newest first")),
            ("oldest", _("Oldest first")),
            ("waiting", _("Longest in stage first")),
        ],
    )

    def filters(self) -> Filters:
        """Return the filters that were set."""
        self.is_valid()
        given = self.cleaned_data
        state = given.get("state") or "active"
        return Filters(
            text=given.get("q", "").strip(),
            stage=given.get("stage"),
            opening=given.get("opening"),
            state="" if state == "all" else state,
            source=given.get("source", ""),
            city=given.get("city", "").strip(),
            degree=given.get("degree", ""),
            years=int(given["years"]) if given.get("years") else None,
            overdue=given.get("overdue", False),
            key=given.get("key", False),
            sort=given.get("sort") or "newest",
        )


class ExitForm(forms.Form):
    """Why a way ends."""

    reason = forms.ModelChoiceField(
        queryset=queries.exit_reasons(), error_messages={"required": _("Please choose a reason.")}
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea)


class ByHandForm(forms.Form):
    """Somebody as one reads them off a page: a name, and how to reach them."""

    name = forms.CharField(label=_("Name"), max_length=200)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    mail = forms.CharField(label=_("Mail address"), max_length=254, required=False)

    def contacts(self) -> dict[str, list[str]]:
        """Return the phone numbers and addresses given."""
        given = self.cleaned_data
        return {name: [given[one]] if given[one] else [] for name, one in (("phones", "phone"), ("mails", "mail"))}


class NewCandidateForm(ByHandForm):
    """Somebody for an opening, without a résumé."""

    field_order = ("opening",)
    opening = _Named(label=_("Opening"), queryset=None, empty_label=_("Choose…"))

    def __init__(self, data: Any = None, *, actor: Actor, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        field: Any = self.fields["opening"]
        field.queryset = queries.openings_taking_candidates(actor)


class UploadForm(forms.Form):
    """For which opening the files are."""

    opening = _Named(label=_("Opening"), queryset=None, empty_label=_("Choose…"))

    def __init__(self, data: Any = None, *, actor: Actor, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        field: Any = self.fields["opening"]
        field.queryset = queries.openings_taking_candidates(actor)


def an_id(text: str) -> UUID:
    """Return an id that came with a request; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def a_number(text: str) -> int | None:
    """Return a whole number that came with a request; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() else None


def seen_as(text: str) -> tuple[UUID, int]:
    """Return which application, in which version, a ticked box stands for ("id:version")."""
    row_id, _colon, version = text.partition(":")
    return an_id(row_id), a_number(version) or 0
