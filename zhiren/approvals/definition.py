"""What a policy is made of, and what makes sense. Pure: a policy is data, checked before anything trusts it.

A policy is a list of steps, taken in order; each asks some people, any or all of them:

    - ask: [manager]
    - ask: [hr]
      when: [{field: days, is: more, than: 3}]
      within_days: 2
    - ask: [{user: 0190...}, {role: administrator}]
      needs: all
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    field_validator,
    model_validator,
)

MOST_STEPS = 10
Comparison = Literal["equal", "unequal", "more", "less", "at_least", "at_most"]


class Part(BaseModel):
    """A part of a policy: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Ask(Part):
    """One who is asked: the manager, the manager's manager, HR of the legal entity, a role, or a user."""

    who: Literal["manager", "managers_manager", "hr", "role", "user"]
    role: str = ""
    user: UUID | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given: Any) -> Any:
        if isinstance(given, str):
            return {"who": given}
        if isinstance(given, Mapping) and "who" not in given:
            for who in ("role", "user"):
                if who in given:
                    return {"who": who, **given}
        return given

    @model_validator(mode="after")
    def _names_whom(self) -> "Ask":
        if (self.who == "role") != bool(self.role) or (self.who == "user") != (self.user is not None):
            raise ValueError("name the role or the user, and only where one is asked")
        return self


class Test(Part):
    """A condition on one value of the request."""

    field: str = Field(min_length=1, max_length=40)
    comparison: Comparison = Field(alias="is")
    than: StrictBool | StrictInt | StrictFloat | StrictStr


class StepPlan(Part):
    """Some people are asked, any or all of them. It applies when all conditions hold; it is due `within_days` working
    days after they were asked."""

    ask: tuple[Ask, ...] = Field(min_length=1, max_length=10)
    needs: Literal["any", "all"] = "any"
    when: tuple[Test, ...] = Field(default=(), max_length=5)
    within_days: int | None = Field(default=None, ge=1, le=60)

    @field_validator("ask")
    @classmethod
    def _asks_each_once(cls, ask: tuple[Ask, ...]) -> tuple[Ask, ...]:
        if len(set(ask)) < len(ask):
            raise ValueError("somebody is asked twice in one step")
        return ask


class Policy(Part):
    """Who must say yes, step by step. Without any step that applies, a request is approved as it is sent."""

    steps: tuple[StepPlan, ...] = Field(default=(), max_length=MOST_STEPS)


def read(raw: Any) -> Policy:
    """Return the policy that plain data holds; ValueError, in one sentence, if it holds none."""
    try:
        return Policy.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else str(first["msg"])) from error


def of_steps(steps: Sequence[Mapping[str, Any]]) -> Policy:
    """Return the policy with these steps, as a kind brings them along."""
    return read({"steps": list(steps)})


def plain(policy: Policy) -> dict[str, Any]:
    """Return a policy as plain data."""
    return policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
