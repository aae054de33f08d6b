"""How often something may be tried: counted in the database, so that it holds for all processes and after a restart."""

from datetime import datetime

from django.core.cache import cache

from zhiren.kernel.refusals import TooMany


def forgive(what: str, who: str, *, seconds: int, at: datetime) -> None:
    """Take back a try that was counted within this window: it turned out to be right."""
    key = f"limit:{what}:{who}:{int(at.timestamp()) // seconds}"
    if int(cache.get(key, 0)) > 0:
        cache.decr(key)


def check(what: str, who: str, *, limit: int, seconds: int, at: datetime) -> None:
    """Count one more try; TooMany once there were `limit` within a window of `seconds`."""
    window = int(at.timestamp()) // seconds
    key = f"limit:{what}:{who}:{window}"
    cache.add(key, 0, timeout=seconds * 2)
    if int(cache.get(key, 0)) >= limit:
        raise TooMany(retry_after=seconds - int(at.timestamp()) % seconds)
    cache.incr(key)
