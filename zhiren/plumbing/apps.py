"""Django without HR."""

from django.apps import AppConfig


class PlumbingConfig(AppConfig):
    """Django without HR."""

    name = "zhiren.plumbing"
    label = "plumbing"
