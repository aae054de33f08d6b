"""How allauth behaves here: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Users are invited; there is no registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that nobody may register."""
        del request
        return False
