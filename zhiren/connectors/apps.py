"""Start-up: every connector adds itself to the port it fills."""

from importlib import import_module

from django.apps import AppConfig

CONNECTORS = ("console", "dingtalk", "feishu", "imap", "smtp", "wecom")


class ConnectorsConfig(AppConfig):
    """Outside parties."""

    name = "zhiren.connectors"

    def ready(self) -> None:
        """Import each connector's channel, which adds itself."""
        for name in CONNECTORS:
            import_module(f"zhiren.connectors.{name}.channel")
