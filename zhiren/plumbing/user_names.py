"""The names of users, for apps below the one that owns users: it fills this port."""

from collections.abc import Callable, Iterable
from uuid import UUID

from zhiren.kernel.registry import Registry

Namer = Callable[[Iterable[UUID]], dict[UUID, str]]
namers: Registry[Namer] = Registry("namer of users")


def names_of(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return what each user is called in the current language; who is unknown is left out."""
    wanted = {user_id for user_id in user_ids if user_id}
    found: dict[UUID, str] = {}
    for namer in namers.values():
        if wanted:
            found.update(namer(wanted))
    return found
