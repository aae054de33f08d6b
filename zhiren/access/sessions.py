"""Sessions that end by the system's clock, also where that clock is ahead or behind."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from zhiren.plumbing import clock


class SessionStore(DatabaseStore):
    """A session in the database; how long it lasts, and whether it has ended, counts from `clock.now()`."""

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Return when the session ends."""
        kwargs.setdefault("modification", clock.now())
        found: datetime = super().get_expiry_date(**kwargs)
        return found

    def _get_session_from_db(self) -> Any:
        found = self.model.objects.filter(session_key=self.session_key, expire_date__gt=clock.now()).first()
        if found is None:
            self._session_key = None
        return found
