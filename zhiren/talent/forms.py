"""What comes in with a search, and what is typed to keep one."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote_plus, urlencode
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.talent import rules
from zhiren.talent.queries import FILTERS, SORTS, Search
from zhiren.talent.services import MOST_TAGGED

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MOST_TEXT, _MOST_VALUES, _LONGEST_VALUE = 200, 20, 100


def read_search(given: QueryDict) -> Search:
    """Return the search in an address; what makes no sense there is left out."""
    filters = {
        name: tuple(dict.fromkeys(value[:_LONGEST_VALUE] for value in given.getlist(name) if value.strip("\0 ")))
        for name in FILTERS
    }
    filters["opening"] = tuple(value for value in filters["opening"] if _ID.fullmatch(value))
    sort = given.get("sort", "")
    return Search(
        text=given.get("q", "")[:_MOST_TEXT].replace("\0", "").strip(),
        filters={name: values[:_MOST_VALUES] for name, values in filters.items() if values},
        sort=sort if sort in SORTS else SORTS[0],
    )


def as_query(search: Search) -> str:
    """Return the address of a search: the part after the question mark."""
    pairs = [("q", search.text)] if search.text else []
    pairs += [(name, value) for name, values in search.filters.items() for value in values]
    if search.sort != SORTS[0]:
        pairs.append(("sort", search.sort))
    return urlencode(pairs)


def with_value(query: str, name: str, value: str) -> str:
    """Return the address of a search with one more value of a filter chosen."""
    return f"{query}{'&' if query else ''}{name}={quote_plus(value)}"


def chosen_ids(given: Iterable[str]) -> list[UUID]:
    """Return the ids that came with a request, parted by commas or one by one, each once; what is none is left out."""
    texts = [text.strip() for text in ",".join(given).split(",")]
    return list(dict.fromkeys(UUID(text) for text in texts if _ID.fullmatch(text)))[:MOST_TAGGED]


class SaveForm(forms.Form):
    """Under which name a search is kept."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)
    is_shared = forms.BooleanField(label=_("Share it with my department"), required=False)

    def __init__(self, data: Any = None, *, may_share: bool, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        if not may_share:
            del self.fields["is_shared"]


class TagForm(forms.Form):
    """Which tags many persons get and lose."""

    add = forms.CharField(
        label=_("Tags to add"), max_length=300, required=False, help_text=_("Several are parted by commas.")
    )
    remove = forms.CharField(label=_("Tags to remove"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """Read the tags."""
        given = super().clean() or {}
        for name in ("add", "remove"):
            given[name] = list(rules.words_of_tags(given.get(name, "")))
        if not given["add"] and not given["remove"]:
            raise forms.ValidationError(_("Type a tag to add or to remove."), code="empty")
        return given
