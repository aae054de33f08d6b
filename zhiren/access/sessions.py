"""Sessions that end by the system's clock, also where that clock is ahead or behind."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DEFAULT_DB_ALIAS

from zhiren.plumbing import clock, statements

# Every request asks this.
_COLUMNS = ["session_key", "session_data", "expire_date"]
_FIND = f"SELECT {', '.join(_COLUMNS)} FROM django_session WHERE session_key = %s AND expire_date > %s"  # noqa: S608 - ours


class SessionStore(DatabaseStore):
    """A session in the database; how long it lasts, and whether it has ended, counts from `clock.now()`."""

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Return when the session ends."""
        kwargs.setdefault("modification", clock.now())
        found: datetime = super().get_expiry_date(**kwargs)
        return found

    def _get_session_from_db(self) -> Any:
        for values in statements.rows(_FIND, [self.session_key, clock.now()]):
            return self.model.from_db(DEFAULT_DB_ALIAS, _COLUMNS, values)
        self._session_key = None
        return None
