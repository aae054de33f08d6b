"""What is typed about requests."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.access import queries as access
from zhiren.access.models import Role
from zhiren.approvals import policies, words
from zhiren.approvals.definition import MOST_STEPS, Policy, StepPlan, Test
from zhiren.approvals.kinds import Field, Kind, kinds
from zhiren.kernel.actors import Actor
from zhiren.kernel.money import CURRENCIES, Money
from zhiren.kernel.refusals import Refusal
from zhiren.plumbing.forms import DayField, NamedChoiceField

_TEXT = forms.Textarea(attrs={"rows": 3})
# So many the form has at least for one step: conditions, and colleagues by name.
CONDITIONS, COLLEAGUES = 2, 2
_OF_NUMBERS = ("more", "at_least", "less", "at_most", "equal")


class AskForm(forms.Form):
    """Something that has no page of its own."""

    title = forms.CharField(label=_("What do you ask for?"), max_length=100)
    text = forms.CharField(label=_("What exactly, and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    cost = forms.DecimalField(
        label=_("What it would cost"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="CNY")

    def clean(self) -> dict[str, Any]:
        """Refuse an amount finer than its currency."""
        given = super().clean() or self.cleaned_data
        given["money"] = None
        if given.get("cost") is not None and given.get("currency"):
            try:
                given["money"] = Money.of(given["cost"].normalize(), given["currency"])
            except ValueError:
                self.add_error("cost", _("This currency has no such small amounts."))
        return given


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=pgettext_lazy("request", "Why"), max_length=1000, widget=_TEXT)


class OptionalReasonForm(forms.Form):
    """Why, if one likes to say."""

    reason = forms.CharField(label=pgettext_lazy("request", "Why"), max_length=1000, widget=_TEXT, required=False)


class ColleagueField(NamedChoiceField):
    """A choice among colleagues, by name and title."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name in the reader's language, and the title."""
        return words.with_title(obj)


class _Colleagues(forms.Form):
    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        for one in self.fields.values():
            if isinstance(one, ColleagueField):
                one.queryset = access.colleagues(actor).filter(~Q(pk=actor.user_id))


class StandInForm(_Colleagues):
    """Who decides in place of those who are asked."""

    user = ColleagueField(label=_("Who decides in their place"))


class DelegationForm(_Colleagues):
    """Who decides in one's place, from a day to a day, both included."""

    to_user = ColleagueField(label=_("Who decides in your place"))
    from_on = DayField(label=pgettext_lazy("day", "From"))
    to_on = DayField(label=pgettext_lazy("day", "To"))
    kind_codes = forms.MultipleChoiceField(
        label=_("Only for"),
        choices=lambda: [(code, kind.title) for code, kind in kinds.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: for everything."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def given(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return what was typed for the service; the days are those of the reader's clock."""
        given = self.cleaned_data
        return {
            "to_user_id": given["to_user"].pk,
            "starts_at": _midnight(given["from_on"], zone),
            "ends_at": _midnight(given["to_on"] + timedelta(days=1), zone),
            "kind_codes": given["kind_codes"],
            "reason": given["reason"],
        }


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


class ValuesForm(forms.Form):
    """For whom, and with which values, a policy is tried."""

    for_user = ColleagueField(label=_("Who would ask"), required=False)

    def __init__(self, data: Any = None, *, actor: Actor, kind: Kind) -> None:
        super().__init__(data, prefix="try")
        self._kind = kind
        people = self.fields["for_user"]
        if isinstance(people, ColleagueField):
            people.queryset = access.colleagues(actor)
        for one in kind.fields:
            self.fields[f"value-{one.name}"] = _value_field(one)

    def values(self) -> dict[str, Any]:
        """Return the values that were typed."""
        typed = {one.name: self.cleaned_data.get(f"value-{one.name}") for one in self._kind.fields}
        return {name: float(value) if isinstance(value, Decimal) else value for name, value in typed.items()}


def _value_field(one: Field) -> forms.Field:
    if one.type == "choice":
        return forms.ChoiceField(label=one.label, choices=[("", "—"), *one.choices()], required=False)
    if one.type == "yes_no":
        return forms.BooleanField(label=one.label, required=False)
    return forms.DecimalField(label=one.label, required=False, max_digits=12, decimal_places=2)


class StepForm(forms.Form):
    """One step of a policy; one that asks nobody is left out."""

    ask = forms.MultipleChoiceField(label=_("Who is asked"), required=False, widget=forms.CheckboxSelectMultiple)
    needs = forms.ChoiceField(
        label=_("If several are asked"),
        choices=[("any", _("One yes is enough")), ("all", _("All of them must say yes"))],
        initial="any",
        required=False,
    )
    within_days = forms.IntegerField(
        label=_("To be decided within, in working days"), min_value=1, max_value=60, required=False
    )

    def __init__(self, data: Any = None, *, kind: Kind, colleagues: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        roles = [(f"role:{code}", label) for code, label in Role.choices if code not in {"hr_manager", "employee"}]
        who = [(code, words.WHO[code]) for code in ("manager", "managers_manager", "hr")]
        self.fields["ask"].choices = [*who, *roles]  # type: ignore[attr-defined]  # a choice field
        self._users = self._count("user", COLLEAGUES)
        self._whens = self._count("when", CONDITIONS)
        for number in range(self._users):
            self.fields[f"user{number}"] = forms.ChoiceField(
                label=_("And a colleague"), choices=[("", "—"), *colleagues], required=False
            )
        for number in range(self._whens):
            self.fields[f"when{number}"] = forms.ChoiceField(
                label=pgettext_lazy("condition", "Only when") if number == 0 else pgettext_lazy("condition", "and"),
                choices=[("", pgettext_lazy("condition", "always") if number == 0 else "—"), *_conditions(kind)],
                required=False,
            )
            self.fields[f"than{number}"] = forms.DecimalField(
                label=pgettext_lazy("condition", "Number"), max_digits=12, required=False
            )

    def _count(self, name: str, least: int) -> int:
        """Return how many fields of a name there are: what is filled in loses nothing."""
        known = self.data if self.is_bound else self.initial
        prefix = f"{self.prefix}-" if self.is_bound else ""
        return max([least, *(number + 1 for number in range(10) if f"{prefix}{name}{number}" in known)])

    def clean(self) -> dict[str, Any]:
        """Ask for the number that a condition compares with."""
        given = super().clean() or self.cleaned_data
        for number in range(self._whens):
            needs = given.get(f"when{number}", "").rpartition(":")[2] in _OF_NUMBERS
            if needs and given.get(f"than{number}") is None:
                self.add_error(f"than{number}", _("Which number?"))
        return given

    def conditions(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of each condition, for the page."""
        for number in range(self._whens):
            yield self[f"when{number}"], self[f"than{number}"]

    def colleagues(self) -> Iterator[forms.BoundField]:
        """Return the fields of colleagues by name, for the page."""
        for number in range(self._users):
            yield self[f"user{number}"]

    def plan(self) -> dict[str, Any]:
        """Return the step as plain data; empty if it asks nobody."""
        given = self.cleaned_data
        ask: list[Any] = [
            {"role": code.removeprefix("role:")} if code.startswith("role:") else code for code in given["ask"]
        ]
        users = (given.get(f"user{number}") for number in range(self._users))
        ask += [{"user": user} for user in dict.fromkeys(users) if user]
        if not ask:
            return {}
        tests = [
            test_of(code, given.get(f"than{number}"))
            for number in range(self._whens)
            if (code := given.get(f"when{number}"))
        ]
        return {"ask": ask, "needs": given["needs"] or "any", "when": tests, "within_days": given["within_days"]}


def _conditions(kind: Kind) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return what a condition may be, by field; those of numbers need one."""
    return [(one.label, [(code, label) for code, label in _conditions_on(one)]) for one in kind.fields]


def _conditions_on(one: Field) -> Iterator[tuple[str, str]]:
    if one.type == "number":
        for code in _OF_NUMBERS:
            yield f"{one.name}:{code}", f"{one.label} {words.COMPARISONS[code]} …"
        return
    if one.type == "yes_no":
        yield f"{one.name}:yes", f"{one.label}: {words.YES}"
        yield f"{one.name}:no", f"{one.label}: {words.NO}"
        return
    for comparison in ("equal", "unequal"):
        for value, label in one.choices():
            yield f"{one.name}:{comparison}:{value}", f"{one.label} {words.COMPARISONS[comparison]} {label}"


def test_of(code: str, than: Any) -> dict[str, Any]:
    """Return the condition that a choice of the form means."""
    field, comparison, *value = code.split(":", 2)
    if comparison in {"yes", "no"}:
        return {"field": field, "is": "equal", "than": comparison == "yes"}
    if value:
        return {"field": field, "is": comparison, "than": value[0]}
    return {"field": field, "is": comparison, "than": int(than) if than == int(than) else float(than)}


def _code_of(test: Test) -> tuple[str, Any]:
    """Return how the form shows a condition: its choice, and the number where there is one."""
    if isinstance(test.than, bool):
        return f"{test.field}:{'yes' if test.than is (test.comparison == 'equal') else 'no'}", None
    if isinstance(test.than, str):
        return f"{test.field}:{test.comparison}:{test.than}", None
    return f"{test.field}:{test.comparison}", f"{test.than:g}"


class PolicyForm:
    """The steps of a policy, and an empty one for the next."""

    def __init__(self, data: Mapping[str, Any] | None, *, code: str, policy: Policy, actor: Actor) -> None:
        self._code = code
        colleagues = [(str(user.pk), words.with_title(user)) for user in access.colleagues(actor)[:2000]]
        options: dict[str, Any] = {"kind": kinds[code], "colleagues": colleagues}
        self.problem = ""
        if data is None:
            initial = [_initial(plan) for plan in policy.steps]
            self.steps = [StepForm(initial=one, prefix=f"step{n}", **options) for n, one in enumerate(initial)]
            if len(self.steps) < MOST_STEPS:
                self.steps.append(StepForm(prefix=f"step{len(self.steps)}", **options))
        else:
            count = sum(f"step{number}-needs" in data for number in range(MOST_STEPS))
            self.steps = [StepForm(data, prefix=f"step{number}", **options) for number in range(count)]

    def is_valid(self) -> bool:
        """Tell whether the steps make a policy; `problem` says what is wrong with them together."""
        if any(step.errors for step in self.steps):
            return False
        try:
            policies.read_steps(self._code, self.plans())
        except Refusal as refusal:
            self.problem = str(refusal)
        return not self.problem

    def plans(self) -> list[dict[str, Any]]:
        """Return the steps that ask somebody, as plain data."""
        return [plan for step in self.steps if (plan := step.plan())]


def _initial(plan: StepPlan) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "ask": [f"role:{ask.role}" if ask.who == "role" else ask.who for ask in plan.ask if ask.who != "user"],
        "needs": plan.needs,
        "within_days": plan.within_days,
    }
    shown |= {f"user{number}": str(ask.user) for number, ask in enumerate(ask for ask in plan.ask if ask.user)}
    for number, test in enumerate(plan.when):
        shown[f"when{number}"], shown[f"than{number}"] = _code_of(test)
    return shown
