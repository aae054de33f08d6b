"""From grants to reaches. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from zhiren.kernel import yamls
from zhiren.kernel.actors import NOWHERE, Reach


@dataclass(frozen=True)
class RolePolicy:
    """What one role may do."""

    scope: str
    may: frozenset[str]
    only_own: frozenset[str]


@dataclass(frozen=True)
class Grant:
    """A role with its scope; `departments` holds the department named and all below it."""

    role: str
    scope: str
    departments: frozenset[UUID] = frozenset()
    entity: UUID | None = None


@cache
def policy() -> Mapping[str, RolePolicy]:
    """Return the reviewed policy, `policy.yaml`, by role."""
    raw = yamls.load((Path(__file__).parent / "policy.yaml").read_text(encoding="utf-8"))
    return {
        role: RolePolicy(entry["scope"], frozenset(entry["may"] or ()), frozenset(entry.get("only_own") or ()))
        for role, entry in raw.items()
    }


@lru_cache(maxsize=1000)
def reaches(grants: tuple[Grant, ...]) -> Mapping[str, Reach]:
    """Return how far each permission goes for somebody with these grants. A role no policy names gives nothing."""
    result: dict[str, Reach] = {}
    for grant in grants:
        role = policy().get(grant.role)
        if role is None:
            continue
        reach = _reach(grant)
        for permission in role.may:
            result[permission] = result.get(permission, NOWHERE) | reach
        for permission in role.only_own:
            result[permission] = result.get(permission, NOWHERE) | Reach(own=True)
    return MappingProxyType(result)


def _reach(grant: Grant) -> Reach:
    if grant.scope == "all":
        return Reach(everything=True)
    if grant.scope == "entity" and grant.entity:
        return Reach(entities=frozenset({grant.entity}), own=True)
    if grant.scope == "department":
        return Reach(departments=grant.departments, own=True)
    return Reach(own=True)
