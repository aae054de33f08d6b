"""Who sees which openings and applications."""

import pytest

from tests.factories import SYSTEM, actor_of, make_application, make_department, make_entity, make_opening, make_user
from zhiren.access.models import User
from zhiren.kernel.refusals import NotFound
from zhiren.people import queries as people
from zhiren.recruiting import queries, services
from zhiren.recruiting.models import Application

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    """An application in a department below another, in an entity."""
    entity = make_entity()
    parent = make_department(entity=entity)
    return make_application(make_opening(department=make_department(entity=entity, parent=parent)))


def sees(user: User, application: Application) -> bool:
    """Tell whether a user sees an application, and the same by every door."""
    actor = actor_of(user)
    seen = queries.applications_visible_to(actor).filter(pk=application.pk).exists()
    assert queries.openings_visible_to(actor).filter(pk=application.opening_id).exists() == seen
    assert people.persons_visible_to(actor).filter(pk=application.person_id).exists() == seen
    assert queries.applications_of(actor, application.person_id).exists() == seen
    return seen


class TestApplicationsVisibleTo:
    def test_are_the_owners(self, application: Application) -> None:
        assert sees(application.opening.owner, application)

    def test_are_not_another_recruiters(self, application: Application) -> None:
        assert not sees(make_user("recruiter"), application)

    def test_are_those_of_the_department_and_all_below_it(self, application: Application) -> None:
        department = application.opening.department

        assert sees(make_user("hiring_manager", department=department), application)
        assert sees(make_user("hiring_manager", department=department.parent), application)
        assert not sees(make_user("hiring_manager", department=make_department(entity=department.entity)), application)

    def test_are_those_of_the_entity(self, application: Application) -> None:
        assert sees(make_user("hr_manager", entity=application.opening.entity), application)
        assert not sees(make_user("hr_manager", entity=make_entity()), application)

    def test_are_all_for_who_reaches_everything(self, application: Application) -> None:
        assert sees(make_user("hr_manager", scope="all"), application)

    @pytest.mark.parametrize("role", ["interviewer", "administrator", ""])
    def test_are_none_for_roles_without_candidates(self, application: Application, role: str) -> None:
        assert not sees(make_user(role), application)

    def test_are_the_hiring_managers_of_the_opening(self, application: Application) -> None:
        manager = make_user("hiring_manager", department=make_department())
        services.change_opening(actor=SYSTEM, opening_id=application.opening_id, hiring_manager_id=manager.pk)

        assert sees(manager, application)


class TestGetApplication:
    def test_looks_alike_for_what_is_not_ones_own_and_what_does_not_exist(self, application: Application) -> None:
        other = actor_of(make_user("recruiter"))

        for application_id in (application.pk, application.person_id):
            with pytest.raises(NotFound):
                queries.get_application(other, application_id)


class TestOpeningsTakingCandidates:
    def test_leave_out_closed_ones_and_those_of_others(self) -> None:
        opening, closed = make_opening(), make_opening()
        services.close_opening(actor=SYSTEM, at=closed.created_at, opening_id=closed.pk)

        assert list(queries.openings_taking_candidates(SYSTEM)) == [opening]
        assert not queries.openings_taking_candidates(actor_of(make_user())).exists()
