"""What the search over everything finds among persons."""

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.kernel.actors import Actor
from zhiren.people import queries
from zhiren.plumbing.search import Hit, finds


@finds
def persons(actor: Actor, text: str) -> list[Hit]:
    """Find persons by two characters of the name, by pinyin or its initials."""
    return [
        Hit(
            person.name,
            person.headline or person.city,
            reverse("people:person", args=[person.pk]),
            "user",
            _("Persons"),
        )
        for person in queries.find_by_name(actor, text, limit=8)
    ]
