"""The demo company as `company.yaml` describes it: structure, users and openings, made through the services."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from zhiren.access import queries as access
from zhiren.access import services as access_services
from zhiren.access.models import User
from zhiren.kernel import yamls
from zhiren.kernel.actors import Actor
from zhiren.org import services as org
from zhiren.org.models import Branch, Department, Entity, Grade, Position
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import services as recruiting_services
from zhiren.recruiting.models import Opening
from zhiren.screening import services as screening
from zhiren.screening.rules import from_json

SYSTEM = Actor.system("demo")
# How far each role of the demo reaches; a hiring manager answers for a department and all below it.
SCOPES = {
    "recruiter": "own",
    "hr_manager": "all",
    "interviewer": "own",
    "hiring_manager": "department",
    "administrator": "all",
}


@dataclass
class Company:
    """What the rest of the demo refers to, by the keys of `company.yaml`."""

    entities: dict[str, Entity] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    grades: dict[tuple[str, str], Grade] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    openings: dict[str, Opening] = field(default_factory=dict)
    interviewers: dict[str, list[str]] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Return the actor that a user of the demo is."""
        return access.actor_of(self.users[key])


@cache
def description() -> dict[str, Any]:
    """Return `company.yaml`."""
    text = (resources.files("zhiren.operations.demo") / "company.yaml").read_text(encoding="utf-8")
    parsed: dict[str, Any] = yamls.load(text)
    return parsed


def set_up(at: datetime) -> Company:
    """Make the company with its structure, its users and its three openings, as of `at`."""
    company = Company()
    _structure(company)
    _users(company, at)
    _openings(company, at)
    return company


def _structure(company: Company) -> None:
    told = description()
    firm = told["company"]
    org.save_company(
        actor=SYSTEM,
        name=firm["name"]["zh"],
        name_en=firm["name"]["en"],
        zone=firm["zone"],
        region="CN",
        introduction=firm["introduction"]["zh"],
        introduction_en=firm["introduction"]["en"],
    )
    for entry in told["entities"]:
        entity = Entity(
            name=entry["name"]["zh"],
            name_en=entry["name"]["en"],
            region=entry["country"],
            zone=entry["zone"],
            currency=entry["currency"],
        )
        company.entities[entry["key"]] = org.save(actor=SYSTEM, row=entity)
        branch = Branch(
            entity=entity,
            name=entry["city"]["zh"],
            name_en=entry["city"]["en"],
            city=entry["city"]["zh"],
            address=entry["address"]["zh"],
            zone=entry["zone"],
            region=entry["country"],
        )
        company.branches[entry["key"]] = org.save(actor=SYSTEM, row=branch)
    for entry in told["departments"]:
        parent = company.departments.get(entry["parent"] or "")
        department = Department(
            entity=company.entities[entry["entity"]],
            parent=parent,
            name=entry["name"]["zh"],
            name_en=entry["name"]["en"],
        )
        company.departments[entry["key"]] = org.save(actor=SYSTEM, row=department)
    for entry in told["grades"]:
        for pay in entry["pay_ranges"]:
            grade = Grade(
                code=entry["key"],
                name=entry["name"]["zh"],
                name_en=entry["name"]["en"],
                currency=pay["currency"],
                pay_from=pay["minimum"],
                pay_to=pay["maximum"],
            )
            company.grades[entry["key"], pay["currency"]] = org.save(actor=SYSTEM, row=grade)
    for entry in told["positions"]:
        department = company.departments[entry["department"]]
        position = Position(
            department=department,
            grade=company.grades[entry["grade"], department.entity.currency],
            title=entry["title"]["zh"],
            title_en=entry["title"]["en"],
        )
        company.positions[entry["key"]] = org.save(actor=SYSTEM, row=position)


def _users(company: Company, at: datetime) -> None:
    titles = {entry["key"]: entry["title"] for entry in description()["positions"]}
    for entry in description()["users"]:
        department = company.departments[entry["department"]]
        manager = company.users.get(entry["manager"] or "")
        user = access_services.invite_user(
            actor=SYSTEM,
            at=at,
            email=entry["mail"],
            name=entry["name"]["zh"],
            name_en=entry["name"]["en"],
            title=titles[entry["position"]]["zh"],
            title_en=titles[entry["position"]]["en"],
            introduction=entry["introduction"]["zh"],
            introduction_en=entry["introduction"]["en"],
            language=entry["language"],
            zone=entry["zone"],
            department_id=department.pk,
            manager_id=manager.pk if manager else None,
        )
        company.users[entry["key"]] = user
        scope = SCOPES[entry["role"]]
        access_services.grant_role(
            actor=SYSTEM,
            at=at,
            user_id=user.pk,
            role=entry["role"],
            scope=scope,
            department_id=department.pk if scope == "department" else None,
        )
        position = company.positions[entry["position"]]
        if manager:
            boss = next(e for e in description()["users"] if e["key"] == entry["manager"])
            position.reports_to = company.positions[boss["position"]]
            org.save(actor=SYSTEM, row=position)


def _openings(company: Company, at: datetime) -> None:
    for entry in description()["openings"]:
        owner = company.actor(entry["recruiter"])
        pay = entry["pay_range"]
        opening = recruiting_services.create_opening(
            actor=owner,
            at=at,
            position_id=company.positions[entry["position"]].pk,
            title=entry["title"]["zh"],
            title_en=entry["title"]["en"],
            description=entry["description"]["zh"],
            description_en=entry["description"]["en"],
            city=entry["city"]["zh"],
            headcount=entry["headcount"],
            currency=pay["currency"],
            pay_from=pay["minimum"],
            pay_to=pay["maximum"],
            hiring_manager_id=company.users[entry["hiring_manager"]].pk,
            branch_id=company.branches[entry["entity"]].pk,
        )
        company.openings[entry["key"]] = recruiting_services.publish_opening(actor=owner, at=at, opening_id=opening.pk)
        company.interviewers[entry["key"]] = entry["interviewers"]


def set_conditions(company: Company, at: datetime) -> None:
    """Give the openings that have some their hard conditions; who fails one now is put aside."""
    for entry in description()["openings"]:
        if "conditions" in entry:
            screening.set_conditions(
                actor=recruiter_of(company, entry["key"]),
                at=at,
                opening_id=company.openings[entry["key"]].pk,
                conditions=[from_json(condition) for condition in entry["conditions"]],
                puts_aside=True,
                decline_after_hours=80,
            )


def recruiter_of(company: Company, opening_key: str) -> Actor:
    """Return the recruiter who owns an opening."""
    return access.actor_of(
        company.users[next(e for e in description()["openings"] if e["key"] == opening_key)["recruiter"]]
    )


def calendar_of(company: Company, opening_key: str) -> Any:
    """Return the calendar of an opening's place of work."""
    return recruiting.calendar_of(company.openings[opening_key])
