"""Which database: the one at DATABASE_URL, or the embedded one in the data folder."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from zhiren.plumbing import postgres

# How often a statement is asked until it is prepared by itself: only those that say so are (`plumbing.statements`).
_NEVER = 2**31 - 1
# No query is divided among processes: there are other readers, and search counts on the order of a union's parts.
_SERVER = {"statement_timeout": "30000", "timezone": "UTC", "max_parallel_workers_per_gather": "0"}


def database_settings() -> dict[str, Any]:
    """Return Django's settings for the default database. Starts nothing and connects to nothing."""
    url = postgres.database_url()
    where = _from_url(url) if url else postgres.connection_settings()
    options: dict[str, Any] = {
        "connect_timeout": 5,
        "prepare_threshold": _NEVER,
        "options": " ".join(f"-c {name}={value}" for name, value in _SERVER.items()),
        **where.pop("OPTIONS", {}),
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **where,
        "OPTIONS": options,
    }


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "zhiren",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
