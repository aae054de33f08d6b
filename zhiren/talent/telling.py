"""The events of search in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.talent.events import ContactSearched
from zhiren.timeline.telling import Told, tells


@tells(ContactSearched, icon="search", label=gettext_lazy("Search"))
def searched(events: Sequence[ContactSearched], actor: Actor) -> list[Told]:
    """Tell that somebody typed a whole phone number or address."""
    del actor
    by_phone, by_mail = _("Found by their whole phone number"), _("Found by their whole mail address")
    return [Told(by_phone if event.kind == "phone" else by_mail) for event in events]
