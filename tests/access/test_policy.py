"""Who may use which route on whose rows: every route x every role x own, other's and nobody's, against `routes.yaml`.

`routes.yaml` is reviewed by people: a change of what somebody may see is a change in that file. To write it anew after
a deliberate change: `ZHIREN_WRITE_POLICY=1 pytest tests/access/test_policy.py`, then read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import (
    MONDAY,
    SYSTEM,
    actor_of,
    make_application,
    make_branch,
    make_company,
    make_department,
    make_employment,
    make_opening,
    make_person,
    make_position,
    make_user,
)
from tests.factories.attendance import make_group, make_shift
from zhiren import resumes
from zhiren.access import services as access
from zhiren.access.models import RoleGrant, User
from zhiren.approvals import general, standing_in
from zhiren.approvals import links as answering
from zhiren.attendance import importing, kiosk_codes, kiosks, pulling
from zhiren.attendance import services as attendance
from zhiren.attendance.models import DoubtfulPunch, LawFinding, Punch, PunchKey, ShiftChange
from zhiren.careers import links
from zhiren.conversation import services as conversation
from zhiren.conversation.models import Message
from zhiren.interviews import services as interviews
from zhiren.kernel import yamls
from zhiren.leave import services as leave
from zhiren.leave.models import AccrualPlan, LeaveType
from zhiren.mailbox import services as mailbox
from zhiren.mailbox.channels import Lying
from zhiren.people import merging, past_attendance, resume_correcting, resume_rereading
from zhiren.people import queries as people
from zhiren.people import services as people_services
from zhiren.people.models import DuplicateSuggestion, RereadRun
from zhiren.playbooks.models import Playbook
from zhiren.plumbing import clock
from zhiren.recruiting import intake
from zhiren.recruiting import services as recruiting
from zhiren.rostering import services as rostering
from zhiren.screening import services as screening
from zhiren.screening.conditions import Notice
from zhiren.screening.models import SetAside
from zhiren.site import errors
from zhiren.talent import services as talent
from zhiren.talent.queries import Search
from zhiren.today import services as today
from zhiren.today.services import Reason

FILE = Path(__file__).parent / "routes.yaml"
ROLES = ("recruiter", "hr_manager", "hiring_manager", "interviewer", "employee", "administrator")
NOBODY = UUID("00000000-0000-7000-8000-000000000000")
NOBODYS: dict[str, Any] = {
    "page": 1,
    "kind": "department",
    "key": "none",
    "slug": "none",
    "token": "none",
    "code": "none",
    "on": "2026-11-16",
    "month": "2026-10",
    "answer_token": "none",
    "kiosk_code": "none",
    "secret": "none",
}
# How the operations of the API are called that change something.
_CHANGING = ("move_", "decide_", "create_", "change_", "upload_", "stop_", "resume_intake")
# Packages' own pages, which know no rows of ours.
LEFT_OUT = ("account_", "mfa_", "socialaccount_")


class World:
    """One side of the company: an opening with all that hangs on it, and a user of each role who reaches it."""

    def __init__(self) -> None:
        self.department = make_department()
        self.entity = self.department.entity
        self.recruiter = make_user("recruiter", department=self.department)
        self.users = {
            "recruiter": self.recruiter,
            "hr_manager": make_user("hr_manager", scope="entity", entity=self.entity),
            "hiring_manager": make_user("hiring_manager", scope="department", department=self.department),
            "interviewer": make_user("interviewer"),
            "employee": make_user("employee"),
            "administrator": make_user("administrator"),
        }
        self.clients = {role: client_of(user) for role, user in self.users.items()}
        actor = actor_of(self.recruiter)
        position = make_position(department=self.department)
        self.opening = recruiting.publish_opening(
            actor=SYSTEM, at=MONDAY, opening_id=make_opening(self.recruiter, position=position).pk
        )
        self.application = make_application(self.opening, make_person())
        person = self.application.person
        document = people_services.store_document(
            at=MONDAY, data=b"%PDF-1.4", name="a.pdf", media_type="application/pdf", person_id=person.pk
        )
        read = resumes.Resume(text="A", pages=1, language="en")
        resume = people_services.keep_resume(
            at=MONDAY, document=document, parsed_json=json.dumps(read.to_json()), facts=0, parser="1"
        )
        correction = resume_correcting.correct(
            actor=SYSTEM,
            at=MONDAY,
            person_id=person.pk,
            resume_id=resume.pk,
            reading=resume_correcting.stamp(resume),
            key="city",
            act="change",
            values={"value": "上海"},
        )
        rereading = resume_rereading.ask_rereading(actor=SYSTEM, at=MONDAY, person_id=person.pk, resume_id=resume.pk)
        self.interview = interviews.arrange_interview(
            actor=actor,
            at=MONDAY,
            application_id=self.application.pk,
            kind="video",
            round_name="1",
            starts_at=MONDAY - timedelta(hours=2),
            minutes=60,
            zone="Asia/Shanghai",
            interviewer_ids=[self.users["interviewer"].pk],
        )
        other, third = (make_application(self.opening, make_person()).person for _number in range(2))
        first, second = sorted((person.pk, other.pk))
        suggestion = DuplicateSuggestion.objects.create(first_id=first, second_id=second, score=50, found_at=MONDAY)
        merge = merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=other.pk, goes_id=third.pk)
        self.message = conversation.write_message(
            actor=actor, at=MONDAY, person_id=person.pk, subject="a", body="b", business_key=f"policy:{person.pk}"
        )
        words = {"zh-hans": "看一看", "en": "Have a look"}
        self.follow_up = today.open_follow_up(
            at=MONDAY,
            key=f"policy:{person.pk}",
            person_id=person.pk,
            application_id=self.application.pk,
            owner_id=self.recruiter.pk,
            reason=Reason(why=words),
            due_at=MONDAY,
        )
        self.intake = intake.start_intake(
            actor=actor, at=MONDAY, opening_id=self.opening.pk, files=[("broken.pdf", b"%PDF-1.4 broken")]
        )
        file = self.intake.files.get()
        intake.read_file(at=MONDAY, intake_file_id=file.pk)
        account = mailbox.save_account(
            actor=SYSTEM,
            at=MONDAY,
            facts=mailbox.AccountFacts(
                name="a", host="imap.example.com", port=993, tls="tls", user=str(self.entity.pk), password="b",
                since=MONDAY.date(), entity_id=self.entity.pk, reader_ids=[self.recruiter.pk],
            ),
        )  # fmt: skip
        raw = b"From: a@example.com\nSubject: " + str(self.entity.pk).encode() + b"\n\nb"
        mail = mailbox.take_in(
            account_id=account.pk, uid_validity=1, lying=Lying(1, len(raw), MONDAY), raw=raw, at=MONDAY
        )
        assert mail is not None
        mailbox.read_mail(mail_id=mail.pk, at=MONDAY)
        self.search = talent.save_search(actor=actor, at=MONDAY, name="a", search=Search("a"))
        screening.set_conditions(actor=SYSTEM, at=MONDAY, opening_id=self.opening.pk, conditions=[Notice(days=1)])
        screening.screen_application(at=MONDAY, application_id=self.application.pk)
        aside = SetAside.objects.create(application=self.application, at=MONDAY, due_at=MONDAY + timedelta(days=9))
        self.employment = make_employment(self.users["employee"], person=person, department=self.department)
        self.leave = leave.ask_leave(
            actor=SYSTEM,
            at=MONDAY,
            employment_id=self.employment.pk,
            type_id=LeaveType.objects.get(code="personal").pk,
            wish=leave.Wish(MONDAY.date(), MONDAY.date()),
        )
        self.leave.documents.add(document)
        device = attendance.greet_device(at=MONDAY, serial=f"POLICY-{self.entity.pk}"[:60])
        shift = make_shift()
        group = make_group(self.employment, shift)
        rostering.place(
            actor=SYSTEM, at=MONDAY, employment_id=self.employment.pk, group_id=group.pk, from_on=MONDAY.date()
        )
        managed = make_user("recruiter")
        self.recruiter.manager = self.users["hiring_manager"]
        self.recruiter.save(update_fields=["manager"])
        request = general.ask(actor=actor, at=MONDAY, title="a", text="b")
        delegation = standing_in.give_delegation(
            actor=actor_of(self.users["hiring_manager"]),
            at=MONDAY,
            to_user_id=self.users["interviewer"].pk,
            starts_at=MONDAY,
            ends_at=MONDAY + timedelta(days=9),
        )
        punch_file = importing.start_import(
            actor=SYSTEM, at=MONDAY, name="a.dat", data=b"1\t2026-11-02 09:00:00\n", entity_id=self.entity.pk
        )
        platform = pulling.save_account(
            actor=SYSTEM,
            at=MONDAY,
            facts=pulling.AccountFacts(
                platform="console", name="a", tenant=str(self.entity.pk), secret="b", since=MONDAY.date(),
                entity_id=self.entity.pk,
            ),
        )  # fmt: skip
        branch = make_branch(entity=self.entity)
        kiosk, secret = kiosks.make_kiosk(actor=SYSTEM, at=MONDAY, name="a", branch_id=branch.pk)
        key = PunchKey.objects.create(
            user=self.users["employee"], name="a", public_key=self.entity.pk.bytes, made_at=MONDAY
        )
        punch = Punch.objects.create(
            key=f"phone:{key.pk}", at=MONDAY, zone="Asia/Shanghai", source="phone", received_at=MONDAY
        )
        doubtful = DoubtfulPunch.objects.create(punch=punch, employment=self.employment, punch_key=key)
        past_attendance.note_consent(
            actor=SYSTEM, at=MONDAY, person_id=person.pk, door="signed", language="en", until=date(2027, 11, 1)
        )
        days = dict.fromkeys(("late", "leaves", "leave_days", "longest_streak", "steady", "measured"), 0)
        past = past_attendance.note(
            actor=SYSTEM, at=MONDAY, person_id=person.pk, source="employer", employer="a",
            figures=past_attendance.Figures(from_on=date(2025, 1, 1), to_on=date(2025, 1, 31), workdays=20, **days),
        )  # fmt: skip
        finding = LawFinding.objects.create(
            employment=self.employment, month=date(2026, 11, 1), since=date(2026, 11, 16), on=date(2026, 11, 16),
            country="cn", code="overtime_day", severity="breach", reached=180, limit=60, unit="minute", period="day",
            length=1, source="a",
        )  # fmt: skip
        change = ShiftChange.objects.create(employment=self.employment, asked_at=MONDAY)
        self.ids: dict[str, Any] = {
            "past_attendance_id": past.pk,
            "change_id": change.pk,
            "person_id": person.pk,
            "other_id": other.pk,
            "suggestion_id": suggestion.pk,
            "merge_id": merge.pk,
            "contact_id": people.masked_contacts(person)[0].id,
            "document_id": document.pk,
            "resume_id": resume.pk,
            "correction_id": correction.pk,
            "rereading_id": rereading.pk,
            "run_id": RereadRun.objects.create(started_at=MONDAY, ended_at=MONDAY, parser="1", total=0).pk,
            "page": 1,
            "opening_id": self.opening.pk,
            "stage_id": self.opening.stages.get(kind="screening").pk,
            "application_id": self.application.pk,
            "interview_id": self.interview.pk,
            "message_id": self.message.pk,
            "follow_up_id": self.follow_up.pk,
            "intake_id": self.intake.pk,
            "intake_file_id": file.pk,
            "account_id": account.pk,
            "mail_id": mail.pk,
            "set_aside_id": aside.pk,
            "request_id": request.pk,
            "delegation_id": delegation.pk,
            "code": "general",
            "answer_token": answering.token_for(
                user_id=self.users["hiring_manager"].pk, step_id=request.steps.get().pk, at=MONDAY
            ),
            "user_id": managed.pk,
            "grant_id": RoleGrant.objects.get(user=managed).pk,
            "slug": self.opening.slug,
            "token": links.token_for(self.application.pk),
            "kind": "department",
            "row_id": self.department.pk,
            "search_id": self.search.pk,
            "playbook_id": Playbook.objects.order_by("key").values_list("pk", flat=True)[0],
            "key": "application_received",
            "employment_id": self.employment.pk,
            "import_id": punch_file.pk,
            "platform_account_id": platform.pk,
            "kiosk_id": kiosk.pk,
            "kiosk_code": kiosk_codes.code_for(kiosk.pk, MONDAY),
            "secret": secret,
            "punch_key_id": key.pk,
            "doubtful_id": doubtful.pk,
            "finding_id": finding.pk,
            "leave_id": self.leave.pk,
            "device_id": device.pk,
            "shift_id": shift.pk,
            "group_id": group.pk,
            "entity_id": self.entity.pk,
            "on": "2026-11-16",
            "month": "2026-10",
            "type_id": LeaveType.objects.get(code="annual").pk,
            "plan_id": AccrualPlan.objects.get(type__code="annual").pk,
        }


def routes(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Return every named route of ours with its full name."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name and not pattern.name.startswith(LEFT_OUT):
            yield f"{space}{pattern.name}", pattern


def methods_of(pattern: URLPattern) -> list[str]:
    declared = getattr(pattern.callback, "declared", None)
    if declared:
        return [method for method in declared.methods if method != "HEAD"]
    return ["POST"] if pattern.name and pattern.name.startswith(_CHANGING) else ["GET"]


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=True)
    if user:
        client.force_login(user)
    return client


def answer(client: Client, name: str, pattern: URLPattern, method: str, ids: dict[str, Any]) -> str:
    """Return in a word what a request is told. Whatever it did is undone."""
    kwargs = {key: ids.get(key, NOBODY) for key in pattern.pattern.converters}
    if name.startswith("api-1:"):
        kwargs = {key: ids.get(key, NOBODY) for key in pattern.pattern.regex.groupindex} or kwargs
    with transaction.atomic():
        url = reverse(name, kwargs=kwargs)
        body = {
            "stage": str(ids.get("stage_id", NOBODY)),
            "stage_id": str(ids.get("stage_id", NOBODY)),
            "version": 1,
            "approves": True,
        }
        if name.startswith("api-1:upload_"):
            reply = client.post(url, {"files": SimpleUploadedFile("a.txt", b"a")})
        elif method == "POST" and name.startswith("api-1:"):
            reply = client.post(url, body, content_type="application/json")
        else:
            reply = getattr(client, method.lower())(url, body if method == "POST" else {})
        if reply.streaming:
            b"".join(reply.streaming_content)  # read to the end, so that the file behind it is let go
        transaction.set_rollback(True)
    if reply.status_code in {301, 302}:
        return "sign-in" if "/account/login" in reply["Location"] else "yes"
    if reply.status_code >= 500 and name != "health":  # /health says 503 where no worker runs
        return "FAILS"
    return {401: "sign-in", 403: "no", 404: "absent"}.get(reply.status_code, "yes")


@pytest.fixture
def drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of thousands of refusals only the first of each status is drawn as a page for a reader: the others look alike."""
    draw, drawn = errors.render_to_string, dict[tuple[str, int, UUID | None], str]()

    def once(name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        key = (name, context["status"], request.user.pk if request else None)
        if key not in drawn:
            drawn[key] = draw(name, context, request=request)
        return drawn[key]

    monkeypatch.setattr(errors, "render_to_string", once)


@pytest.mark.django_db
@pytest.mark.slow
class TestPolicy:
    def test_is_what_was_reviewed(self, settings: Any, drawn_once: None) -> None:
        make_company()
        access.create_administrator(at=MONDAY, email="first@yunshan.example", name="First")
        mine, theirs = World(), World()
        seen: dict[str, dict[str, str]] = {}
        with clock.travel(MONDAY + timedelta(hours=1)):
            for name, pattern in routes(get_resolver().url_patterns):
                for method in methods_of(pattern):
                    seen[f"{method} {name}"] = self._row(name, pattern, method, mine, theirs)

        if os.environ.get("ZHIREN_WRITE_POLICY"):
            FILE.write_text(yaml.safe_dump(seen, sort_keys=True, allow_unicode=True, width=200), encoding="utf-8")
        assert seen == yamls.load(FILE.read_text(encoding="utf-8"))
        assert Message.objects.count() >= 2

    def _row(self, name: str, pattern: URLPattern, method: str, mine: World, theirs: World) -> dict[str, str]:
        row = {}
        names_rows = bool(pattern.pattern.regex.groupindex or pattern.pattern.converters)
        for role in ROLES:
            client = mine.clients[role]
            row[role] = own = answer(client, name, pattern, method, mine.ids)
            if names_rows and own != "no":  # the permission is asked before any row is looked for
                others = answer(client, name, pattern, method, theirs.ids)
                nobodys = answer(client, name, pattern, method, NOBODYS)
                row[role] = f"own {own}, other's {others}, nobody's {nobodys}"
        row["anonymous"] = answer(Client(), name, pattern, method, mine.ids)
        return row


class TestReviewedPolicy:
    """What no change of the file may ever allow."""

    policy: dict[str, dict[str, str]] = yamls.load(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}

    def test_never_fails(self) -> None:
        assert [route for route, row in self.policy.items() if any("FAILS" in cell for cell in row.values())] == []

    def test_shows_a_recruiter_nothing_of_anothers(self) -> None:
        public = ("careers:", "playbooks:", "conversation:template", "access:sign_in", "attendance:pair")
        leaks = [
            route
            for route, row in self.policy.items()
            if "other's yes" in row["recruiter"] and not route.split()[1].startswith(public)
        ]

        assert leaks == []

    def test_lets_what_is_not_ones_own_look_like_what_does_not_exist(self) -> None:
        different = []
        for route, row in self.policy.items():
            for role, cell in row.items():
                if "other's" not in cell or "own yes" not in cell or "other's yes" in cell:
                    continue
                parts = dict(part.rsplit(" ", 1) for part in cell.split(", "))
                if parts["other's"] != parts["nobody's"]:
                    different.append(f"{route} {role}: {cell}")

        assert different == []

    def test_asks_visitors_to_sign_in_except_where_the_route_is_open(self) -> None:
        allowed = ("careers:", "home", "health", "language", "manifest", "nothing")
        allowed += ("access:sign_in_by_link", "approvals:by_mail", "leave:calendar", "zkteco:", "attendance:pair")
        open_routes = [
            route
            for route, row in self.policy.items()
            if row["anonymous"] == "yes" and not route.split()[1].startswith(allowed)
        ]

        assert open_routes == []
