"""Django without HR."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class PlumbingConfig(AppConfig):
    """Django without HR."""

    name = "zhiren.plumbing"
    label = "plumbing"

    def ready(self) -> None:
        """Have the rows that come with the system follow the tables, and moments read quickly."""
        from zhiren.plumbing import moments, seeds  # reads settings

        post_migrate.connect(seeds.bring_in, sender=self, dispatch_uid="plumbing.seeds")
        connection_created.connect(moments.read_quickly, dispatch_uid="plumbing.moments")
