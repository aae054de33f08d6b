"""What the frame around every page needs to know."""

from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from zhiren.access.models import User
from zhiren.kernel.actors import Actor
from zhiren.org import queries as org
from zhiren.plumbing import clock
from zhiren.site import navigation
from zhiren.site.navigation import Item


class Language(NamedTuple):
    """A language as one chooses it, and as HTML names it."""

    code: str
    name: str
    tag: str


_TAGS = {"zh-hans": "zh-Hans", "en": "en"}


class Frame:
    """The frame without its reader: enough for a page that must do without the database."""

    signed_in = False
    here = "/"

    @property
    def sandbox(self) -> bool:
        """Whether everybody in here is made up."""
        return bool(settings.SANDBOX)

    @property
    def name(self) -> str:
        """The product's name in the reader's language."""
        return gettext("Zhiren")

    @property
    def language_tag(self) -> str:
        """The page's language as HTML names it."""
        return _TAGS.get(get_language() or "", "zh-Hans")

    @property
    def zone(self) -> str:
        """The zone in which the page tells time."""
        return timezone.get_current_timezone_name()

    @property
    def other_languages(self) -> tuple[Language, ...]:
        """The languages one can change to."""
        return tuple(Language(code, name, _TAGS[code]) for code, name in settings.LANGUAGES if code != get_language())

    @property
    def script_words(self) -> dict[str, str]:
        """The few sentences that only scripts say."""
        return {
            "justNow": gettext("just now"),
            "minutesAgo": gettext("%(n)s min ago"),
            "inMinutes": gettext("in %(n)s min"),
            "today": gettext("today %(time)s"),
            "tomorrow": gettext("tomorrow %(time)s"),
            "yesterday": gettext("yesterday %(time)s"),
            "weekday": gettext("%(weekday)s %(time)s"),
            "undo": gettext("Undo"),
            "close": gettext("Close"),
            "copied": gettext("Copied."),
            "unreachable": gettext(
                "The server cannot be reached. What you typed is still here; please try again in a moment."
            ),
            "failed": gettext("This did not work. Nothing was lost; please try again."),
            "draftRestored": gettext("Your draft is back."),
            "discard": gettext("Discard"),
            "uploading": gettext("Uploaded %(done)s of %(total)s"),
            "nothingFound": gettext("Nothing found."),
            "movedTo": gettext("Moved to %(stage)s"),
            "askingPlace": gettext("Asking your phone where it is …"),
            "noPlace": gettext("Your phone did not say where it is. Allow the place for this page and punch again."),
        }


class ReadersFrame(Frame):
    """The frame around a page for one reader. Each part is looked up when, and only if, the page shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _actor(self) -> Actor:
        found: Actor = getattr(self._request, "actor", None) or Actor.nobody()
        return found

    @cached_property
    def _user(self) -> User | None:
        user = getattr(self._request, "user", None)
        return user if isinstance(user, User) else None

    @property
    def signed_in(self) -> bool:  # type: ignore[override]  # a reader may have signed in
        """Whether somebody has signed in."""
        return self._actor.user_id is not None

    @property
    def here(self) -> str:  # type: ignore[override]  # a reader is somewhere
        """The address of the page itself, to come back to."""
        return self._request.get_full_path() if self._request.method == "GET" else "/"

    @cached_property
    def company(self) -> str:
        """The company's name in the reader's language; the product's until the company has one."""
        found = org.company()
        return (found.name_en if get_language() == "en" else "") or found.name or self.name

    @cached_property
    def user_name(self) -> str:
        """The reader's name."""
        user = self._user
        return user.label if user else ""

    @cached_property
    def user_note(self) -> str:
        """What the reader is here."""
        user = self._user
        return ((user.title_en if get_language() == "en" else "") or user.title or user.email) if user else ""

    @cached_property
    def groups(self) -> tuple[tuple[Item, ...], ...]:
        """The main menu."""
        return navigation.groups(self._actor, here=self._request.path, at=clock.now())

    @cached_property
    def bottom(self) -> tuple[Item, ...]:
        """The bar at the bottom of a phone."""
        return tuple(item for group in self.groups for item in group)[: navigation.BOTTOM]

    @cached_property
    def create(self) -> tuple[Item, ...]:
        """What can be made anew."""
        return navigation.items(navigation.CREATE, self._actor)

    @cached_property
    def account(self) -> tuple[Item, ...]:
        """The reader's own pages."""
        return navigation.items(navigation.ACCOUNT, self._actor)

    @cached_property
    def sign_out_url(self) -> str:
        """Where a POST signs out."""
        return reverse("account_logout")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template its `shell`."""
    return {"shell": ReadersFrame(request)}
