"""An index that follows what happens, as the worker keeps it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.factories import MONDAY
from zhiren.plumbing import jobs
from zhiren.talent import queries


@pytest.fixture(autouse=True)
def _nobody_known() -> None:
    queries._others.clear()


@pytest.fixture
def work() -> Callable[[], None]:
    """Do what the worker would."""

    def run(at: datetime = MONDAY) -> None:
        jobs.run_due(at)

    return run
