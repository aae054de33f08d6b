"""Every write to policies: who must say yes to what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiren.access.models import Role
from zhiren.approvals import definition as definitions
from zhiren.approvals import permissions, queries
from zhiren.approvals.errors import PolicyInvalid
from zhiren.approvals.events import PolicyChanged
from zhiren.approvals.kinds import kinds
from zhiren.approvals.models import Policy, PolicyVersion
from zhiren.kernel.actors import Actor
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.org import queries as org
from zhiren.timeline.services import record


@transaction.atomic
def change_policy(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    steps: Sequence[Mapping[str, Any]] | None,
    entity_id: UUID | None = None,
) -> PolicyVersion:
    """Set who must say yes to a kind of request, in one entity or (without) wherever no entity has its own.

    What was sent before keeps the version it was sent under. `steps` as in `definition.py`; None in an entity takes its
    own policy away. Nothing new comes of what changes nothing.

    Raises:
        PolicyInvalid: the steps make no sense.
        Forbidden: it is not this actor's entity to set it for.
    """
    if not may_set(actor, entity_id):
        raise Forbidden
    if kind not in kinds or (steps is None and entity_id is None):
        raise NotFound
    plain = None if steps is None else definitions.plain(read_steps(kind, steps))
    entity = org.entity_by_id(entity_id) if entity_id else None
    policy = Policy.objects.get_or_create(kind=kind, entity=entity)[0]
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    newest = policy.versions.order_by("-number").first()
    if newest is not None and newest.definition == plain:
        return newest
    version: PolicyVersion = PolicyVersion.objects.create(
        policy=policy,
        number=newest.number + 1 if newest else 1,
        definition=plain,
        created_at=at,
        by_id=actor.user_id,
    )
    record(PolicyChanged(at=at, by=actor.user_id, policy_id=policy.pk, kind=kind, number=version.number))
    return version


def may_set(actor: Actor, entity_id: UUID | None) -> bool:
    """Tell whether the actor may set policies for an entity, or (without) for all of them."""
    reach = actor.reach(permissions.MANAGE)
    return reach.everything or (entity_id is not None and entity_id in reach.entities)


def read_steps(kind: str, steps: Sequence[Mapping[str, Any]]) -> definitions.Policy:
    """Return the policy with these steps.

    Raises:
        PolicyInvalid: they make no sense, or ask for what the kind does not say or who there is not.
    """
    try:
        policy = definitions.of_steps(steps)
    except ValueError as error:
        raise PolicyInvalid(problem=str(error)) from error
    fields = {field.name for field in kinds[kind].fields}
    users = {ask.user for plan in policy.steps for ask in plan.ask if ask.user}
    for plan in policy.steps:
        if any(test.field not in fields for test in plan.when):
            raise PolicyInvalid(problem=_("a condition asks for something that these requests do not say"))
        if any(ask.role and ask.role not in Role.values for ask in plan.ask):
            raise PolicyInvalid(problem=_("there is no such role"))
    if users - queries.active_users(users):
        raise PolicyInvalid(problem=_("somebody who is to be asked has no access any more"))
    return policy
