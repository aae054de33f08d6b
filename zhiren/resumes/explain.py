"""Every fact of a résumé under a stable name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from zhiren.resumes.facts import Fact, Pay, Resume

_SINGLE = ("name", "city", "birth", "degree", "expected_pay", "current_pay", "notice")
_LISTS = ("phones", "mails", "schools", "employers", "skills", "languages", "certificates")


def fact_paths(resume: Resume) -> Iterator[tuple[str, Fact]]:
    """Yield every fact of a résumé with its path, single ones first, then the lists in their order.

    A path is `name`, `phones[0]`, `employers[1].title`, `languages[0].level`, `expected_pay`: field names and places
    counted from 0, the same for the same résumé always.
    """
    for name in _SINGLE:
        held = getattr(resume, name)
        if held is not None:
            yield name, held.fact if isinstance(held, Pay) else held
    for name in _LISTS:
        for place, held in enumerate(getattr(resume, name)):
            path = f"{name}[{place}]"
            if isinstance(held, Fact):
                yield path, held
                continue
            for field in fields(held):
                inner = getattr(held, field.name)
                if isinstance(inner, Fact):
                    yield f"{path}.{field.name}", inner
