"""Start-up: find every app's handlers."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TimelineConfig(AppConfig):
    """Immutable events."""

    name = "zhiren.timeline"

    def ready(self) -> None:
        """Import what every app adds to the others: events, handlers, ticks, words, panels and the like."""
        for module in (
            "events", "permissions", "kinds", "handlers", "ticks", "telling", "search", "panels", "judges", "seeds",
        ):  # fmt: skip
            autodiscover_modules(module)  # one after the other: handlers may name any app's events
