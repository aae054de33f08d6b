"""Start-up: the shipped playbooks come with the tables."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlaybooksConfig(AppConfig):
    """What the system does by itself."""

    name = "zhiren.playbooks"

    def ready(self) -> None:
        """Bring in the shipped playbooks, and their news, whenever the tables were brought up to date."""
        post_migrate.connect(_bring_in, sender=self, dispatch_uid="playbooks.shipped")


def _bring_in(**_given: Any) -> None:
    from zhiren.playbooks import services  # models exist only once every app is ready
    from zhiren.plumbing import clock

    services.ensure_shipped(at=clock.now())
