"""The machine of steps: which apply, who is asked, and what answers come to. Pure."""

import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

YES, NO = "approved", "declined"
Verdict = Literal["open", "approved", "declined"]
_COMPARED = {"more": operator.gt, "less": operator.lt, "at_least": operator.ge, "at_most": operator.le}


def holds(value: Any, comparison: str, than: Any) -> bool:
    """Tell whether a value of a request meets a condition; what is missing or cannot be compared does not.

    >>> holds(3.5, "more", 3), holds("sick", "equal", "sick"), holds(None, "less", 3)
    (True, True, False)
    """
    if comparison in {"equal", "unequal"}:
        return value is not None and bool(value == than) is (comparison == "equal")
    numbers = not isinstance(value, bool) and isinstance(value, int | float) and isinstance(than, int | float)
    return numbers and bool(_COMPARED[comparison](value, than))


def applies(tests: Iterable[tuple[str, str, Any]], values: Mapping[str, Any]) -> bool:
    """Tell whether every condition (field, comparison, than) holds for the values of a request."""
    return all(holds(values.get(field), comparison, than) for field, comparison, than in tests)


def able(groups: Iterable[Sequence[UUID]], *, barred: Collection[UUID]) -> list[UUID]:
    """Return the members of the first group that has any who are not barred: those asked, else whoever stands above.

    `barred` are those whose own request it is: a step that would ask only them goes up.
    """
    for group in groups:
        found = [one for one in dict.fromkeys(group) if one not in barred]
        if found:
            return found
    return []


def verdict(needs: str, answers: Sequence[str]) -> Verdict:
    """Return what the answers of a step come to; an empty answer has not been given yet.

    One no declines. `needs` says whether any yes approves, or it takes all.

    >>> verdict("any", ["", "approved"]), verdict("all", ["", "approved"]), verdict("all", ["declined", ""])
    ('approved', 'open', 'declined')
    """
    if NO in answers:
        return "declined"
    said = [answer == YES for answer in answers]
    return "approved" if said and (any(said) if needs == "any" else all(said)) else "open"
