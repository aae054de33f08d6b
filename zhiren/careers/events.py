"""What happened on the public pages."""

from dataclasses import dataclass
from uuid import UUID

from zhiren.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CandidatePageViewed(Event):
    """The candidate looked at their own page. Told at most once an hour, and the page says so."""

    name = "careers.page.viewed"
    application_id: UUID
