"""What time it is. Only views, endpoints and jobs ask; services are told.

A sandbox (ZHIREN_SANDBOX=1) may run ahead of the present by ZHIREN_CLOCK_AHEAD seconds, so that somebody can see what
the coming days bring. Anywhere else the setting means nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone


def _ahead() -> timedelta:
    wanted = os.environ.get("ZHIREN_CLOCK_AHEAD") if os.environ.get("ZHIREN_SANDBOX") == "1" else None
    return timedelta(seconds=float(wanted or 0))


_shift = _ahead()


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now() + _shift


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """Let the whole process believe that it is `to`, and go on from there. For the demo's past and for tests."""
    global _shift
    before, _shift = _shift, to - timezone.now()
    try:
        yield
    finally:
        _shift = before
