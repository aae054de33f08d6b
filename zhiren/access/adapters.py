"""How allauth behaves here: nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from zhiren.access import queries
from zhiren.access.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Users are invited; there is no registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that nobody may register."""
        del request
        return False


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Signs in as allauth does; who is signed in, every request asks, so that is asked quickly."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the user of a session, if they may still be here."""
        user = queries.user_by_id(user_id)
        return user if user and self.user_can_authenticate(user) else None
