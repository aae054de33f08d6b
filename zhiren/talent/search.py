"""What the search over everything finds in search: the way to the page that looks into texts, too."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.kernel.actors import Actor
from zhiren.plumbing.search import Hit, finds
from zhiren.talent import permissions


@finds
def everything(actor: Actor, text: str) -> list[Hit]:
    """Lead to the page that searches résumés, notes and messages for the same words."""
    if not actor.may(permissions.SEARCH):
        return []
    return [
        Hit(
            _("Search in everything: “%(text)s”") % {"text": text},
            _("Résumés, notes, messages"),
            f"{reverse('talent:search')}?{urlencode({'q': text})}",
            "search",
            _("Search"),
        )
    ]
