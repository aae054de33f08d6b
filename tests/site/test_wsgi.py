"""From where a request comes, in front of a proxy and behind one."""

import importlib
from wsgiref.util import setup_testing_defaults

import pytest

from zhiren.site import wsgi

VISITOR, PROXY, STRANGER = "203.0.113.7", "127.0.0.1", "198.51.100.9"


def seen_address(
    monkeypatch: pytest.MonkeyPatch, *, caller: str, says: str, behind_proxy: str, proxies: str = ""
) -> str:
    """Return the address that limits count, for a request by `caller` with a header of its own."""
    monkeypatch.setenv("ZHIREN_BEHIND_PROXY", behind_proxy)
    monkeypatch.setenv("ZHIREN_PROXIES", proxies)
    application = importlib.reload(wsgi).application
    scope = {"REMOTE_ADDR": caller, "HTTP_X_FORWARDED_FOR": says, "PATH_INFO": "/manifest.webmanifest"}
    setup_testing_defaults(scope)
    scope["HTTP_HOST"] = "127.0.0.1"
    list(application(scope, lambda status, headers, exc_info=None: lambda data: None))
    return str(scope["REMOTE_ADDR"])


@pytest.mark.django_db
class TestApplication:
    def test_takes_the_visitor_from_the_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert seen_address(monkeypatch, caller=PROXY, says=VISITOR, behind_proxy="1") == VISITOR

    def test_ignores_what_the_visitor_put_before_the_proxys_word(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said = f"{STRANGER}, {VISITOR}"

        assert seen_address(monkeypatch, caller=PROXY, says=said, behind_proxy="1") == VISITOR

    def test_believes_nobody_who_is_not_the_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert seen_address(monkeypatch, caller=STRANGER, says=VISITOR, behind_proxy="1") == STRANGER

    def test_believes_a_proxy_on_another_machine_that_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen = seen_address(monkeypatch, caller="10.0.0.5", says=VISITOR, behind_proxy="1", proxies="10.0.0.0/24")

        assert seen == VISITOR

    def test_believes_no_header_without_a_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert seen_address(monkeypatch, caller=PROXY, says=VISITOR, behind_proxy="") == PROXY
