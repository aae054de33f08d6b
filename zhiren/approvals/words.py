"""Requests in words: what is asked for, who is asked, how it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import dateformat, timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiren.access.models import Role
from zhiren.approvals import definition as definitions
from zhiren.approvals import queries
from zhiren.approvals.definition import Ask, Policy, StepPlan, Test
from zhiren.approvals.kinds import Description, kinds
from zhiren.approvals.models import Approver, Delegation, Request, Step
from zhiren.approvals.queries import Asking
from zhiren.approvals.snapshots import envelopes_of
from zhiren.plumbing.user_names import names_of

TONES: Mapping[str, str] = {
    "pending": "warn",
    "approved": "good",
    "declined": "bad",
    "withdrawn": "",
    "cancelled": "",
}
STEP_ICONS: Mapping[str, str] = {
    "ahead": "circle",
    "asked": "clock",
    "approved": "circle-check",
    "declined": "circle-x",
    "ended": "minus",
}
COMPARISONS: Mapping[str, Any] = {
    "more": pgettext_lazy("condition", "is more than"),
    "at_least": pgettext_lazy("condition", "is at least"),
    "less": pgettext_lazy("condition", "is less than"),
    "at_most": pgettext_lazy("condition", "is at most"),
    "equal": pgettext_lazy("condition", "is"),
    "unequal": pgettext_lazy("condition", "is not"),
}
WHO: Mapping[str, Any] = {
    "manager": _("Direct manager"),
    "managers_manager": _("Manager's manager"),
    "hr": _("HR of the legal entity"),
}
YES, NO = pgettext_lazy("value", "yes"), pgettext_lazy("value", "no")


# Requests -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A request with what it says, for whom it is, and who is asked now."""

    request: Request
    told: Description
    who: str
    icon: str
    kind: str
    tone: str
    asked: Sequence[str] = ()
    due_at: datetime | None = None


def shown(requests: Iterable[Request], *, steps: Mapping[UUID, Step] | None = None) -> list[Shown]:
    """Return requests in words, in their order: one query for the keys of all persons among them.

    `steps` are those being decided now, with their `approvers`.
    """
    requests = list(requests)
    envelopes = envelopes_of(requests)
    found = []
    for request in requests:
        kind = kinds[request.kind]
        step = (steps or {}).get(request.pk)
        envelope = envelopes.get(request.pk)
        told = kind.describe(envelope.values(request)) if envelope else Description(gettext("The data was erased"))
        if request.cancels_id:
            told = replace(told, title=gettext("Take back: %(title)s") % {"title": told.title})
        found.append(
            Shown(
                request=request,
                told=told,
                who=requester(request),
                icon=kind.icon,
                kind=str(kind.title),
                tone=TONES[request.state],
                asked=[one.user.label for one in step.approvers.all() if not one.answer] if step else (),
                due_at=step.due_at if step else None,
            )
        )
    return found


def description_of(request: Request) -> Description:
    """Return what one request asks for."""
    return shown([request])[0].told


def requester(request: Request) -> str:
    """Return for whom a request is, in the reader's language."""
    if request.user:
        return request.user.label
    return request.person.name if request.person else gettext("The system")


def with_title(user: Any) -> str:
    """Return what a colleague is called, with their title."""
    title = (user.title_en if get_language() == "en" else "") or user.title
    return f"{user.label} · {title}" if title else str(user.label)


def decision(request: Request) -> str:
    """Return what became of a request."""
    return str(request.get_state_display())


def on_the_clock(moment: datetime, zone: str) -> str:
    """Return day and time on the clock of a zone."""
    here = timezone.localtime(moment, ZoneInfo(zone))
    if get_language() == "en":
        return dateformat.format(here, "j F, H:i")
    return f"{here.month}月{here.day}日 {here:%H:%M}"


# Steps ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """One who is asked, and what they said: `stand_in` is who answered for them, `may` who else could."""

    approver: Approver
    name: str
    stand_in: str = ""
    may: Sequence[str] = ()
    reason: str = ""


@dataclass(frozen=True)
class StepShown:
    """A step in words. `title` is whom the policy asks, `people` who they are (would be, while it is ahead)."""

    step: Step
    title: str
    needs: str
    icon: str
    answers: Sequence[Answered] = ()
    people: Sequence[str] = ()


def plan_title(plan: StepPlan, names: Mapping[UUID, str]) -> str:
    """Return whom a step of a policy asks."""
    return pgettext("list", ", ").join(asked(ask, names) for ask in plan.ask)


def asked(ask: Ask, names: Mapping[UUID, str]) -> str:
    """Return whom one entry of a step means."""
    if ask.who == "user":
        return names.get(ask.user, gettext("Somebody who has left")) if ask.user else ""
    if ask.who == "role":
        return str(dict(Role.choices).get(ask.role, ask.role))
    return str(WHO[ask.who])


def plan_needs(plan: StepPlan, count: int | None = None) -> str:
    """Return how many must say yes; empty where only one is asked."""
    if count == 1 or (count is None and len(plan.ask) == 1 and plan.ask[0].who not in {"hr", "role"}):
        return ""
    return gettext("all of them must say yes") if plan.needs == "all" else gettext("one yes is enough")


def plan_when(kind: str, plan: StepPlan) -> list[str]:
    """Return the conditions of a step, in words."""
    return [test_words(kind, test) for test in plan.when]


def test_words(kind: str, test: Test) -> str:
    """Return one condition, such as "Days is more than 3"."""
    known = {field.name: field for field in kinds[kind].fields}
    found = known.get(test.field)
    value = dict(found.choices()).get(str(test.than), test.than) if found and found.type == "choice" else test.than
    if found and found.type == "yes_no":
        value = str(YES if test.than else NO)
    return gettext("%(field)s %(comparison)s %(value)s") % {
        "field": found.label if found else test.field,
        "comparison": COMPARISONS[test.comparison],
        "value": value,
    }


def plan_within(plan: StepPlan) -> str:
    """Return in what time a step is to be decided; empty if there is no limit."""
    if not plan.within_days:
        return ""
    return ngettext("within %(n)d working day", "within %(n)d working days", plan.within_days) % {"n": plan.within_days}


def steps_shown(request: Request, steps: Iterable[Step], at: datetime) -> list[StepShown]:
    """Return the steps of a request in words: who was asked and what they said, and who would be asked later on."""
    steps = list(steps)
    plans = {step.pk: StepPlan.model_validate(step.plan) for step in steps}
    rows = [approver for step in steps for approver in step.approvers.all()]
    personal = {step.pk for step in steps if step.is_personal}
    open_rows = [row for row in rows if not row.answer and row.step_id not in personal]
    delegates = queries.delegates_of([row.user_id for row in open_rows], request.kind, at)
    ahead = {
        step.pk: queries.asked_in(step, Asking.of(request), at) for step in steps if step.state == Step.State.AHEAD
    }
    users = {user for row in rows for user in (*row.stand_ins, *delegates.get(row.user_id, []))}
    users |= {user for found in ahead.values() for user in found}
    users |= {ask.user for plan in plans.values() for ask in plan.ask if ask.user}
    names = names_of(users)
    envelope = envelopes_of([request]).get(request.pk)
    found = []
    for step in steps:
        plan, approvers = plans[step.pk], list(step.approvers.all())
        answers = [
            Answered(
                approver=row,
                name=row.user.label,
                stand_in=row.answered_by.label if row.answered_by and row.answered_by_id != row.user_id else "",
                may=[names.get(user, "") for user in (*row.stand_ins, *delegates.get(row.user_id, []))]
                if not row.answer and step.state == Step.State.ASKED
                else (),
                reason=envelope.reason(row) if envelope else "",
            )
            for row in approvers
        ]
        people = [names.get(user, "") for user in ahead.get(step.pk, [])]
        found.append(
            StepShown(
                step=step,
                title=plan_title(plan, names),
                needs=plan_needs(plan, len(answers) or len(people)),
                icon=STEP_ICONS[step.state],
                answers=answers,
                people=people,
            )
        )
    return found


# Policies -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanShown:
    """A step of a policy in words. `people` are whom it would ask for somebody, if it `applies`."""

    title: str
    needs: str
    when: Sequence[str]
    within: str
    applies: bool = True
    people: Sequence[str] = ()


@dataclass(frozen=True)
class PolicyShown:
    """A policy in words, for a kind or for one entity."""

    code: str
    title: str
    icon: str
    steps: Sequence[PlanShown]
    entity: Any = None
    is_shipped: bool = False


def policies_shown() -> list[PolicyShown]:
    """Return every kind's policy in words, each followed by those that single entities have of their own."""
    found: list[tuple[str, Any, Any, bool]] = []
    for code, kind in kinds.items():
        version = queries.newest_version(code, None)
        company = queries.policy_of(version) if version else definitions.of_steps(kind.steps)
        found.append((code, company, None, version is None or version.by_id is None))
        found += [(code, queries.policy_of(own), own.policy.entity, False) for own in queries.entities_with_own(code)]
    names = names_of(ask.user for _code, policy, _e, _s in found for plan in policy.steps for ask in plan.ask)
    return [
        PolicyShown(
            code=code,
            title=str(kinds[code].title),
            icon=kinds[code].icon,
            steps=[_plan_shown(code, plan, names) for plan in policy.steps],
            entity=entity,
            is_shipped=is_shipped,
        )
        for code, policy, entity, is_shipped in found
    ]


def tried(code: str, policy: Policy, user_id: UUID, values: Mapping[str, Any], at: datetime) -> list[PlanShown]:
    """Return whom each step of a policy would ask if this user asked for something with these values."""
    asking = queries.asking_of_user(user_id, at)
    applying = queries.steps_for(policy, values)
    people = {plan: queries.approvers_of(plan, asking, at) for plan in applying}
    names = names_of(
        [user for found in people.values() for user in found]
        + [ask.user for plan in policy.steps for ask in plan.ask if ask.user]
    )
    return [
        replace(
            _plan_shown(code, plan, names),
            applies=plan in people,
            people=[names.get(user, "") for user in people.get(plan, [])],
        )
        for plan in policy.steps
    ]


def _plan_shown(code: str, plan: StepPlan, names: Mapping[UUID, str]) -> PlanShown:
    return PlanShown(
        title=plan_title(plan, names),
        needs=plan_needs(plan),
        when=plan_when(code, plan),
        within=plan_within(plan),
    )


# Delegations ----------------------------------------------------------------------------------------------------------


def kinds_of(delegation: Delegation) -> str:
    """Return what a delegation is for."""
    if not delegation.kinds:
        return gettext("Everything")
    known = [str(kinds[code].title) for code in delegation.kinds if code in kinds]
    return pgettext("list", ", ").join(known)


def last_day(ends_at: datetime) -> datetime:
    """Return the last moment before an end: the day on which a delegation that ends at midnight was last good."""
    return ends_at - timedelta(microseconds=1)


def named(entity: Any) -> str:
    """Return the name of a legal entity in the reader's language."""
    return str(entity.label)
