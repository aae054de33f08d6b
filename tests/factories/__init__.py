"""Make what a test needs, through the services wherever there is one."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

from zhiren.access import queries as access
from zhiren.access.models import RoleGrant, User
from zhiren.kernel.actors import Actor
from zhiren.org.models import Branch, Company, Department, Entity, Grade, Position
from zhiren.people import employing
from zhiren.people import services as people
from zhiren.people.models import Employment, Person
from zhiren.people.services import PersonFacts
from zhiren.recruiting import services as recruiting
from zhiren.recruiting.models import Application, Opening, Stage

# A Monday, 10:00 in Shanghai, an ordinary week.
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
_count = itertools.count(1)
_SCOPES = {
    "recruiter": "own",
    "hr_manager": "entity",
    "interviewer": "own",
    "hiring_manager": "department",
    "employee": "own",
    "administrator": "all",
}


def make_entity(**given: Any) -> Entity:
    """Return a legal entity."""
    return Entity.objects.create(**{"name": f"云杉科技 {next(_count)}", "name_en": "Yunshan", **given})


def make_department(**given: Any) -> Department:
    """Return a department, in an entity of its own unless one is given."""
    entity = given.pop("entity", None) or make_entity()
    return Department.objects.create(entity=entity, **{"name": f"研发部 {next(_count)}", **given})


def make_position(**given: Any) -> Position:
    """Return a position with a grade."""
    department = given.pop("department", None) or make_department()
    grade = (
        given.pop("grade", None)
        or Grade.objects.get_or_create(
            code="P5", currency="CNY", defaults={"name": "P5", "pay_from": 1_800_000, "pay_to": 3_000_000}
        )[0]
    )
    return Position.objects.create(
        department=department,
        grade=grade,
        **{"title": f"后端工程师 {next(_count)}", "title_en": "Backend Engineer", **given},
    )


def make_company() -> Company:
    """Return the company."""
    return Company.objects.get_or_create(
        singleton=True, defaults={"name": "云杉科技（演示）", "name_en": "Yunshan (demo)"}
    )[0]


def make_branch(**given: Any) -> Branch:
    """Return a place of work."""
    entity = given.pop("entity", None) or make_entity()
    return Branch.objects.create(
        entity=entity, **{"name": f"静安 {next(_count)}", "city": "上海", "zone": "Asia/Shanghai", **given}
    )


def make_user(
    role: str = "recruiter",
    *,
    scope: str | None = None,
    department: Department | None = None,
    entity: Entity | None = None,
    **given: Any,
) -> User:
    """Return a user with one role (none for role="")."""
    number = next(_count)
    user = User(
        **{
            "email": f"user{number}@yunshan.example",
            "name": f"用户{number}",
            "name_en": f"User {number}",
            "created_at": MONDAY,
            **given,
        }
    )
    user.department = department
    user.set_unusable_password()
    user.save()
    if role:
        chosen = scope or _SCOPES[role]
        if chosen == "department" and department is None:
            department = make_department()
        if chosen == "entity" and entity is None:
            entity = make_entity()
        RoleGrant.objects.create(
            user=user,
            role=role,
            scope=chosen,
            department=department if chosen == "department" else None,
            entity=entity if chosen == "entity" else None,
        )
    return user


def actor_of(user: User) -> Actor:
    """Return the actor that a user is."""
    return access.actor_of(User.objects.get(pk=user.pk))


def make_person(**given: Any) -> Person:
    """Return a person with a phone number and a mail address of their own."""
    number = next(_count)
    actor, at = given.pop("actor", SYSTEM), given.pop("at", MONDAY)
    facts = {
        "name": f"周明远{number}",
        "phones": [f"138{number:08d}"],
        "mails": [f"person{number}@example.com"],
        **given,
    }
    return people.add_or_find_person(actor=actor, at=at, facts=PersonFacts(**facts), door="test")[0]


def make_employment(user: User | None = None, **given: Any) -> Employment:
    """Return the employment of a new person since 2020, of this user if one is given, in a department of its own."""
    number = next(_count)
    department = given.pop("department", None) or (user.department if user else None) or make_department()
    person, manager = given.pop("person", None) or make_person(), given.pop("manager", None)
    facts = {"from_on": date(2020, 1, 1), "number": f"A{number:04d}", "badge": f"{number}", **given}
    return employing.employ(
        actor=SYSTEM,
        at=MONDAY,
        person_id=person.pk,
        department_id=department.pk,
        manager_id=manager.pk if manager else None,
        user_id=user.pk if user else None,
        **facts,
    )


def make_opening(owner: User | None = None, **given: Any) -> Opening:
    """Return an open opening of this recruiter's (a new one's unless given)."""
    owner = owner or make_user("recruiter")
    position = given.pop("position", None) or make_position(
        **({"department": given.pop("department")} if "department" in given else {})
    )
    opening = recruiting.create_opening(actor=SYSTEM, at=MONDAY, position_id=position.pk, owner_id=owner.pk, **given)
    return recruiting.open_opening(actor=SYSTEM, opening_id=opening.pk)


def make_application(
    opening: Opening | None = None, person: Person | None = None, *, stage: str = "new", at: datetime = MONDAY
) -> Application:
    """Return an application in a stage of this kind."""
    opening = opening or make_opening()
    person = person or make_person()
    application, _new = recruiting.receive_application(
        actor=SYSTEM, at=at, person_id=person.pk, opening=opening, source="upload"
    )
    if stage != "new":
        target = Stage.objects.get(opening=opening, kind=stage)
        application = recruiting.move_application(
            actor=SYSTEM, at=at, application_id=application.pk, stage_id=target.pk
        )
    return application
