"""An index that follows what happens, as the worker keeps it."""

from collections.abc import Callable, Iterator

import pytest

from tests.factories import MONDAY
from zhiren.plumbing import clock, jobs
from zhiren.talent import reach

Work = Callable[[], int]


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    reach._others.clear()
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def work() -> Work:
    """Do what the worker would: tell the handlers, make the entries."""
    return lambda: jobs.run_due(clock.now())
