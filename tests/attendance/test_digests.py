"""The digest of many days at once is that of each day."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from zhiren.attendance import computing, digests
from zhiren.attendance.models import TOTALS, DayRecord

BIG = 2**62


@pytest.mark.parametrize("compiled", [True, False])
def test_says_what_a_records_own_digest_does(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled:
        monkeypatch.setattr(digests, "_compiled", lambda: None)
    rng = np.random.default_rng(3)
    # From texts of less than a block to texts of several, with their edges.
    table = np.array([rng.integers(-(10**size), 10**size, 23) for size in range(19) for _number in range(40)]).T
    table = np.hstack((table, np.zeros((23, 1), np.int64), np.full((23, 1), BIG), np.full((23, 1), -BIG)))

    found = digests.digests(table)

    assert found.tolist() == [digest(column) for column in table.T.tolist()]


def test_takes_the_numbers_in_the_order_of_a_record() -> None:
    names = (*TOTALS, "day_class", "flags", "n_punches", "n_kept", "is_final", "rules_version")
    row = DayRecord(**dict(zip(names, range(1, 22), strict=True)))
    row.is_final = True
    numbers = [1 if name == "is_final" else number for number, name in enumerate(names, 1)]

    assert digests.digests(np.array([[*numbers, -1, -1]]).T).tolist() == [computing.digest_of(row)]


def digest(numbers: list[int]) -> int:
    text = hashlib.blake2b(repr(numbers).encode(), digest_size=8).digest()
    return int.from_bytes(text, "big", signed=True)
