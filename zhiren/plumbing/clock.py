"""What time it is. Only views, endpoints and jobs ask; services are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

_shift = timedelta(0)


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
