"""Whom tests of punches are mostly about, unless they say otherwise."""

import pytest

from tests.factories import make_user
from tests.factories.attendance import make_worker
from zhiren.access.models import User
from zhiren.people.models import Employment


@pytest.fixture
def user() -> User:
    """Return an employee who reads English."""
    return make_user("employee", language="en")


@pytest.fixture
def worker(user: User) -> Employment:
    """Return what the user is employed as."""
    return make_worker(user=user)
