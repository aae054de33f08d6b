"""How the events of the public pages are told on a person's timeline."""

from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiren.careers.events import CandidatePageViewed
from zhiren.kernel.actors import Actor
from zhiren.timeline.telling import tells


@tells(CandidatePageViewed, icon="eye", label=_("Candidate's page"))
def page_viewed(events: Sequence[CandidatePageViewed], actor: Actor) -> list[str]:
    """Say that the candidate looked at their page."""
    del actor
    return [gettext("Looked at their application page") for _event in events]
