"""What the search over everything finds in recruiting."""

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.kernel.actors import Actor
from zhiren.plumbing.search import Hit, finds
from zhiren.recruiting import permissions, queries


@finds
def openings(actor: Actor, text: str) -> list[Hit]:
    """Find openings by a part of their title, in either language."""
    if not actor.may(permissions.VIEW_CANDIDATES):
        return []
    return [
        Hit(opening.label, opening.city, reverse("recruiting:opening", args=[opening.pk]), "briefcase", _("Openings"))
        for opening in queries.find_openings(actor, text)
    ]
