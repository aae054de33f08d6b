"""How often something may be tried: counted in the database, exactly, however many try at once, and after a restart."""

from datetime import UTC, datetime

from zhiren.kernel.refusals import TooMany
from zhiren.plumbing import crypto, statements

# A try too many writes nothing. What has run out goes with the tries of others, some at a time.
_COUNT = """
WITH gone AS (
    DELETE FROM plumbing_tries WHERE key IN (
        SELECT key FROM plumbing_tries WHERE until < %(at)s ORDER BY key LIMIT 100 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO plumbing_tries (key, count, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET count = plumbing_tries.count + 1 WHERE plumbing_tries.count < %(limit)s
RETURNING count
"""
_FORGIVE = "UPDATE plumbing_tries SET count = count - 1 WHERE key = %s AND count > 0"


def check(what: str, who: str, *, limit: int, seconds: int, at: datetime) -> None:
    """Count one more try; TooMany once there were `limit` within a window of `seconds`."""
    begins = int(at.timestamp()) // seconds * seconds
    until = datetime.fromtimestamp(begins + seconds, UTC)
    given = {"key": _key(what, who, begins), "at": at, "until": until, "limit": limit}
    if limit < 1 or not statements.rows(_COUNT, given):
        raise TooMany(retry_after=seconds - int(at.timestamp()) % seconds)


def forgive(what: str, who: str, *, seconds: int, at: datetime) -> None:
    """Take back a try that was counted within this window: it turned out to be right."""
    statements.run(_FORGIVE, [_key(what, who, int(at.timestamp()) // seconds * seconds)])


def _key(what: str, who: str, begins: int) -> str:
    """Return by what tries are counted: nobody reads from it who tried."""
    return crypto.mac("limit", f"{what}:{who}:{begins}".encode()).hex()
