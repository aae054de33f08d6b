"""Facts in the past tense: the base of every event and the way to and from plain data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from zhiren.kernel.registry import Registry

_names: Registry[type["Event"]] = Registry("event")
E = TypeVar("E", bound="Event")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, to whom and when. Carries ids and codes, never names, phone numbers or pay.

    A subclass is a frozen dataclass with a class attribute `name` such as "offers.offer.accepted".
    `at` is when it happened (aware), not when it was learnt; `by` is the user who did it, None when the system or
    the person did.
    """

    name: ClassVar[str] = ""

    person_id: UUID | None = None
    at: datetime
    by: UUID | None = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__dict__.get("name"):
            _names.add(cls.name, cls)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"{self.name}: `at` has no time zone")


_adapters: dict[str, TypeAdapter[Event]] = {}


def _adapter(kind: type[Event]) -> TypeAdapter[Event]:
    if kind.name not in _adapters:
        _adapters[kind.name] = TypeAdapter(kind)
    return _adapters[kind.name]


_HEAD = frozenset({"person_id", "at", "by"})


def to_payload(event: Event) -> dict[str, Any]:
    """Return the event's own fields as plain JSON data, without person, moment and actor."""
    plain: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json", exclude=set(_HEAD))
    return plain


def from_payload(name: str, payload: dict[str, Any], *, person_id: UUID | None, at: datetime, by: UUID | None) -> Event:
    """Return the event that `to_payload` took apart; KeyError when no such event is known any more."""
    return _adapter(_names[name]).validate_python({**payload, "person_id": person_id, "at": at, "by": by})


def known_events() -> dict[str, type[Event]]:
    """Return every event of the system by name."""
    return dict(_names.items())
