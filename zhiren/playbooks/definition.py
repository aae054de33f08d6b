"""What a playbook is made of, and what makes sense. Pure: a definition is data, checked before anything trusts it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zhiren.kernel.businesstime import WorkCalendar
from zhiren.kernel.events import known_events
from zhiren.today.rules import SETTLED_BY

LANGUAGES = ("zh-hans", "en")
# Nothing waits longer than a year, in whatever unit.
_MOST = {"minutes": 525_600, "hours": 8_760, "days": 366, "business_hours": 2_250, "business_days": 250}


class Part(BaseModel):
    """A part of a definition: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Texts(Part):
    """The same words in both languages."""

    zh_hans: str = Field(alias="zh-hans", min_length=1, max_length=500)
    en: str = Field(min_length=1, max_length=500)

    def by_language(self) -> dict[str, str]:
        """Return the words by language code."""
        return {"zh-hans": self.zh_hans, "en": self.en}

    def read(self, language: str) -> str:
        """Return the words in a language."""
        return self.en if language == "en" else self.zh_hans


class Wait(Part):
    """A length of time in one unit; business time counts in the calendar of the opening's place of work."""

    minutes: int | None = Field(default=None, ge=0)
    hours: int | None = Field(default=None, ge=0)
    days: int | None = Field(default=None, ge=0)
    business_hours: int | None = Field(default=None, ge=0)
    business_days: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _is_one_length(self) -> "Wait":
        given = {unit: amount for unit in _MOST if (amount := getattr(self, unit)) is not None}
        if len(given) != 1:
            raise ValueError("a length of time has exactly one unit")
        unit, amount = next(iter(given.items()))
        if amount > _MOST[unit]:
            raise ValueError(f"nothing waits longer than {_MOST[unit]} {unit}")
        return self

    @property
    def unit(self) -> str:
        """The unit it is given in."""
        return next(unit for unit in _MOST if getattr(self, unit) is not None)

    @property
    def amount(self) -> int:
        """How many of the unit."""
        return int(getattr(self, self.unit))

    def after(self, moment: datetime, calendar: WorkCalendar) -> datetime:
        """Return the moment that is this much later."""
        if self.business_hours is not None:
            return calendar.add_hours(moment, self.business_hours)
        if self.business_days is not None:
            return calendar.add_days(moment, self.business_days) if self.business_days else moment
        return moment + timedelta(**{self.unit: self.amount})


UNITS = tuple(_MOST)

Value = str | int | bool | None


class Condition(Part):
    """An event that counts: of this name, with these values. `ever`: even one from before the run began.

    A value "$trigger.field" is the field of the event that began the run, "$owner" whoever the follow-up goes to.
    """

    event: str
    where: Mapping[str, Value | list[Value]] = Field(default_factory=dict)
    ever: bool = False

    @model_validator(mode="after")
    def _names_what_there_is(self) -> "Condition":
        kind = known_events().get(self.event)
        if kind is None:
            raise ValueError(f"there is no event called {self.event}")
        fields = set(kind.__dataclass_fields__) - {"person_id", "at", "by"}
        for name in self.where:
            if name not in fields:
                raise ValueError(f"{self.event} has no field {name}; it has {', '.join(sorted(fields))}")
        return self


class Send(Part):
    """Send a template to the candidate. `next_step` fills the placeholder of that name.

    With `before_interview` it goes out only as long as the interview that began the run lies ahead.
    """

    template: str = Field(min_length=1, max_length=60)
    next_step: Texts | None = None
    before_interview: bool = False


class Promise(Part):
    """Promise the candidate to be heard from within a time; the date goes into the messages of the same run."""

    what: str = Field(min_length=1, max_length=40)
    within: Wait


class FollowUp(Part):
    """Put the candidate into somebody's Today. `within` is the time limit from now on."""

    to: Literal["owner", "stage_owner", "interviewers", "employee_manager"] = "owner"
    why: Texts
    evidence: Texts
    suggestion: Texts | None = None
    action: Literal["call", "mail", "wechat", "score", "open"] = "call"
    importance: int = Field(default=3, ge=1, le=5)
    within: Wait | None = None
    settles_on: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _can_be_settled(self) -> "FollowUp":
        for condition in self.settles_on:
            if condition.event not in SETTLED_BY:
                raise ValueError(f"{condition.event} settles nothing; what does: {', '.join(SETTLED_BY)}")
        return self


class Escalate(FollowUp):
    """Tell the manager of whoever is in charge: a mail now and a line in their Today."""

    to: Literal["owner", "stage_owner"] = "owner"
    template: str = Field(default="follow_up_escalation", min_length=1, max_length=60)


class Notify(Part):
    """Write a mail to whoever is in charge, or (of a step of a request) to those who have not answered."""

    to: Literal["owner", "stage_owner", "interviewers", "managers", "approvers"] = "owner"
    why: Texts
    template: str = Field(default="follow_up_notice", min_length=1, max_length=60)


class AskHigher(Part):
    """Let whoever stands above those who have not answered a step of a request decide in their place."""


class Tag(Part):
    """Give the person a tag."""

    tag: str = Field(min_length=1, max_length=60)


class Flag(Part):
    """Mark the person as a key candidate."""

    reason: Texts


class _Step(Part):
    wait: Wait | None = None
    unless: tuple[Condition, ...] = ()


class SendStep(_Step):
    """A step that sends."""

    do: Literal["send"]
    given: Send = Field(alias="with")


class PromiseStep(_Step):
    """A step that promises."""

    do: Literal["promise"]
    given: Promise = Field(alias="with")


class FollowUpStep(_Step):
    """A step that puts the candidate into a queue."""

    do: Literal["follow_up"]
    given: FollowUp = Field(alias="with")


class EscalateStep(_Step):
    """A step that tells the manager."""

    do: Literal["escalate"]
    given: Escalate = Field(alias="with")


class NotifyStep(_Step):
    """A step that tells a colleague."""

    do: Literal["notify"]
    given: Notify = Field(alias="with")


class AskHigherStep(_Step):
    """A step that goes one higher with a request."""

    do: Literal["ask_higher"]
    given: AskHigher = Field(alias="with")


class TagStep(_Step):
    """A step that tags."""

    do: Literal["tag"]
    given: Tag = Field(alias="with")


class FlagStep(_Step):
    """A step that marks a key candidate."""

    do: Literal["flag"]
    given: Flag = Field(alias="with")


Step = Annotated[
    SendStep | PromiseStep | FollowUpStep | EscalateStep | NotifyStep | AskHigherStep | TagStep | FlagStep,
    Field(discriminator="do"),
]


class Definition(Part):
    """When the trigger happens: these steps, each after its wait, counted from the step before it.

    `also_after_exit` lets it act for applications that have ended.
    """

    name: Texts
    summary: Texts
    trigger: Condition
    also_after_exit: bool = False
    steps: tuple[Step, ...] = Field(min_length=1, max_length=20)


def read(raw: Any) -> Definition:
    """Return the definition that plain data holds; ValueError, in one sentence, if it holds none."""
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else str(first["msg"])) from error


def plain(definition: Definition) -> dict[str, Any]:
    """Return a definition as plain data."""
    return definition.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
