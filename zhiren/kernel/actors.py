"""Who acts, and how far each permission of theirs reaches."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from zhiren.kernel.refusals import Forbidden

SYSTEM_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Reach:
    """How far one permission goes: everything, or the entities and departments named, and what is one's own."""

    everything: bool = False
    entities: frozenset[UUID] = frozenset()
    departments: frozenset[UUID] = frozenset()
    own: bool = False

    def __or__(self, other: "Reach") -> "Reach":
        return Reach(
            everything=self.everything or other.everything,
            entities=self.entities | other.entities,
            departments=self.departments | other.departments,
            own=self.own or other.own,
        )

    def __bool__(self) -> bool:
        return self.everything or self.own or bool(self.entities) or bool(self.departments)


Reaches = frozenset[tuple[str, Reach]]
# What somebody may do, apart from what they are called and how they read.
Rights = tuple[UUID | None, bool, frozenset[str], Reaches]

NOWHERE = Reach()
EVERYWHERE = Reach(everything=True)


@dataclass(frozen=True)
class Actor:
    """Whoever does something: a signed-in user, or the system by name.

    `reaches` maps a permission ("recruiting.view_candidates") to how far it goes; what is missing is not allowed.
    `zone` and `language` are the reader's.
    """

    user_id: UUID | None
    label: str
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    zone: str = SYSTEM_ZONE
    language: str = "zh-hans"
    is_system: bool = False

    @classmethod
    def system(cls, label: str) -> "Actor":
        """Return the system acting for a reason it names; it may do and see everything."""
        return cls(user_id=None, label=label, is_system=True)

    @classmethod
    def nobody(cls) -> "Actor":
        """Return the visitor who has not signed in."""
        return cls(user_id=None, label="anonymous")

    def reach(self, permission: str) -> Reach:
        """Return how far a permission goes for this actor."""
        return EVERYWHERE if self.is_system else self.reaches.get(permission, NOWHERE)

    def may(self, permission: str) -> bool:
        """Tell whether the actor has this permission at all."""
        return bool(self.reach(permission))

    def require(self, permission: str) -> None:
        """Raise Forbidden unless the actor has this permission."""
        if not self.may(permission):
            raise Forbidden

    @cached_property
    def rights(self) -> Rights:
        """Who this is, whether it is the system, the roles and the reaches: the same object for the same reaches."""
        return self.user_id, self.is_system, self.roles, _the_same(frozenset(self.reaches.items()))

    @property
    def tzinfo(self) -> ZoneInfo:
        """The reader's zone."""
        return ZoneInfo(self.zone)

    def speaking(self, language: str) -> "Actor":
        """Return the same actor reading another language."""
        return replace(self, language=language)


@lru_cache(maxsize=1000)
def _the_same(reaches: Reaches) -> Reaches:
    """Return the first of those that are equal: to look whether something is itself takes no time."""
    return reaches
