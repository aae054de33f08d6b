"""A company of any size for the benchmarks: loaded past the services, but with real keys, seals and keyed hashes.

Four fifths of the candidates are in one opening, a tenth in a second one of the same recruiter, nine hundredths in
eight more of theirs, the last hundredth with a second recruiter. Everybody has two contacts, a consent, an
acknowledgement and ten events; every tenth a résumé; one in twenty is to be contacted; whoever came as far has
interviews. All of it is drawn from one seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any
from uuid import UUID

from _common import copy, execute

from zhiren.access.models import RoleGrant, User
from zhiren.conversation.envelopes import Envelope
from zhiren.conversation.events import MessageQueued, MessageSent, PromiseMade
from zhiren.conversation.models import Message, Promise, TemplateVersion
from zhiren.interviews import services as interviews
from zhiren.interviews.events import InterviewArranged, InterviewHeld
from zhiren.interviews.models import Interview, Interviewer, Scorecard
from zhiren.kernel.actors import Actor
from zhiren.kernel.events import Event, to_payload
from zhiren.kernel.ids import new_id
from zhiren.org.models import Company as CompanyRow
from zhiren.org.models import Department, Entity, Grade, Position
from zhiren.people import names
from zhiren.people.events import (
    ConsentGiven,
    ContactRevealed,
    NoteWritten,
    PersonAdded,
    PersonChanged,
    ResumeParsed,
)
from zhiren.people.models import Consent, Contact, Document, Note, Person, PersonKey, Resume
from zhiren.people.vault import Vault
from zhiren.plumbing import crypto
from zhiren.recruiting import services as recruiting
from zhiren.recruiting.events import ApplicationExited, ApplicationReceived, StageChanged
from zhiren.recruiting.models import Application, ExitReason, Opening, Stage, StageChange
from zhiren.resumes import parse
from zhiren.timeline.models import EventRow
from zhiren.timeline.services import mac_of
from zhiren.today.models import FollowUp

EVENTS_PER_PERSON = 10
# The commonest surnames with their share in per mille, and syllables of given names, the commoner the earlier.
SURNAMES = {
    "王": 72, "李": 71, "张": 68, "刘": 54, "陈": 45, "杨": 31, "黄": 22, "赵": 22, "吴": 20, "周": 21, "徐": 17,
    "孙": 15, "马": 13, "朱": 13, "胡": 13, "郭": 12, "何": 12, "林": 12, "高": 10, "罗": 10, "郑": 9, "梁": 9,
    "谢": 8, "宋": 8, "唐": 8, "许": 7, "韩": 7, "冯": 6, "邓": 6, "曹": 6, "彭": 5, "曾": 5, "欧阳": 2, "司徒": 1,
}  # fmt: skip
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红辉建国文博宇浩然子轩梓涵欣怡思雨佳琪梦婷雪晓东志远"
    "海鹏飞龙翔鑫慧颖俊峰凯旋永康嘉豪家乐诗瑶若曦一诺书恒清源承泽亦凡知行"
)
CITIES = ("上海", "北京", "深圳", "杭州", "苏州", "成都", "南京", "武汉", "广州", "西安")
SKILLS = ("Python", "Java", "Go", "PostgreSQL", "Kubernetes", "React", "数据分析", "项目管理", "Redis", "Kafka")
DEGREES = ("secondary", "associate", "bachelor", "bachelor", "bachelor", "bachelor", "master", "master", "doctor", "")
SOURCES = ("careers", "careers", "upload", "upload", "upload", "referral")
# How far applications have come: new, screening, interview, offer, hired.
STAGE_SHARES = (50, 28, 14, 4, 4)
ENDED_SHARE = 0.12
SECONDS_OF_HISTORY = 180 * 86_400
# A prime, so that every hour has its turn: the last 180 days and the next seven.
HOURS_OF_INTERVIEWS = 4481
_RESUME = """陈一诺
电话：138 0000 0000  邮箱：yinuo.chen@example.com  现居：上海

教育经历
2011.09 - 2015.06  东海理工大学  计算机科学与技术  本科
2015.09 - 2018.06  江南科技大学  软件工程  硕士

工作经历
2021.03 - 至今  云帆数据（演示）有限公司  高级后端工程师
负责订单系统的拆分与重构，使用 Python、PostgreSQL 与 Kafka，日均处理两千万条消息。
2018.07 - 2021.02  远山网络（演示）有限公司  后端工程师
负责会员系统，使用 Java、Redis 与 MySQL。

专业技能
Python、Java、Go、PostgreSQL、Redis、Kafka、Docker、Kubernetes
"""


def _one_of(shares: dict[str, int]) -> tuple[list[str], list[int]]:
    return list(shares), list(accumulate(shares.values()))


_SURNAMES, _SURNAME_SHARES = _one_of(SURNAMES)
_GIVEN_SHARES = list(accumulate(range(len(GIVEN) + 10, 10, -1)))


@dataclass
class _Batch:
    """Rows that wait to be loaded, by table, in the order in which they depend on one another."""

    rows: dict[type[Any], list[Any]] = field(default_factory=dict)

    def add(self, row: Any) -> None:
        """Keep a row."""
        self.rows.setdefault(type(row), []).append(row)

    def load(self) -> None:
        """Load what was kept."""
        for model in _ORDER:
            if found := self.rows.pop(model, None):
                copy(model, found, without=["number"] if model is EventRow else [])
        assert not self.rows


_ORDER: tuple[type[Any], ...] = (
    Person, PersonKey, Contact, Consent, Document, Resume, Note, Application, StageChange, Message, Promise, Interview,
    Interviewer, Scorecard, FollowUp, EventRow,
)  # fmt: skip


class Company:
    """The company; `at` is now. `big` is the opening with most candidates, `second` holds a tenth of them."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.size = self.interviews = 0
        self.random = random.Random(20261122)
        self.with_resume: list[UUID] = []
        CompanyRow.objects.create(name="云杉科技（演示）", name_en="Yunshan (demo)")
        entity = Entity.objects.create(name="云杉科技（上海）", name_en="Yunshan Shanghai")
        self.department = Department.objects.create(entity=entity, name="研发部")
        grade = Grade.objects.create(code="P5", name="P5", currency="CNY", pay_from=1_800_000, pay_to=3_000_000)
        self.position = Position.objects.create(department=self.department, grade=grade, title="后端工程师")
        self.recruiter, self.colleague = self._user("recruiter"), self._user("recruiter")
        self.interviewers = [self._user("interviewer") for _number in range(40)]
        self.big, self.second, *self.small = [self._opening(self.recruiter) for _number in range(10)]
        self.other = self._opening(self.colleague)
        self.stages = {
            opening.pk: list(Stage.objects.filter(opening=opening).order_by("position"))
            for opening in Opening.objects.all()
        }
        self.reasons = list(ExitReason.objects.all())
        self.versions = list(
            TemplateVersion.objects.filter(template__key="application_received", language="zh-hans").select_related(
                "template"
            )
        )
        self.scorecard = interviews.default_template()
        self.resume = json.dumps(parse(_RESUME.encode(), "resume.txt").to_json(), ensure_ascii=False)

    def _user(self, role: str) -> User:
        number = User.objects.count() + 1
        user = User(email=f"user{number}@yunshan.example", name=f"{self.name()}", created_at=self.at)
        user.department = self.department
        user.set_unusable_password()
        user.save()
        RoleGrant.objects.create(user=user, role=role, scope="own")
        return user

    def _opening(self, owner: User) -> Opening:
        system = Actor.system("benchmark")
        title = f"后端工程师 {Opening.objects.count() + 1}"
        opening = recruiting.create_opening(
            actor=system, at=self.at, position_id=self.position.pk, owner_id=owner.pk, title=title
        )
        return recruiting.publish_opening(actor=system, at=self.at, opening_id=opening.pk)

    def name(self) -> str:
        """Return a name as common as names are."""
        given = self.random.choices(GIVEN, cum_weights=_GIVEN_SHARES, k=1 if self.random.random() < 0.25 else 2)
        return self.random.choices(_SURNAMES, cum_weights=_SURNAME_SHARES)[0] + "".join(given)

    def grow(self, to: int) -> None:
        """Let the company have this many candidates, a hundred or more."""
        while self.size < to:
            batch = _Batch()
            for number in range(self.size, min(self.size + 10_000, to)):
                self._add(batch, number)
                self.size += 1
            batch.load()
        # What autovacuum does by itself within a minute or so.
        execute("VACUUM (ANALYZE)")

    def _opening_of(self, number: int) -> Opening:
        place = number % 100
        if place < 80:
            return self.big
        if place < 90:
            return self.second
        return self.small[place % 8] if place < 99 else self.other

    def _add(self, batch: _Batch, number: int) -> None:
        opening, draw = self._opening_of(number), self.random
        owner_id = opening.owner_id
        at = self.at - timedelta(seconds=draw.randrange(3600, SECONDS_OF_HISTORY))
        name = self.name()
        person = Person(
            name=name,
            name_grams=names.grams(name),
            headline="高级后端工程师 · 云帆数据（演示）",
            city=draw.choice(CITIES),
            degree=draw.choice(DEGREES),
            years=draw.randrange(21),
            skills=draw.sample(SKILLS, 4),
            is_key=draw.random() < 0.02,
            created_at=at,
        )
        key = crypto.new_key()
        vault = Vault(person.pk, key)
        batch.add(person)
        batch.add(PersonKey(person_id=person.pk, wrapped=crypto.wrap(key, bound_to=f"people_personkey|{person.pk}")))
        phone = self._contact(batch, vault, "phone", f"+86138{number:08d}")
        self._contact(batch, vault, "mail", f"person{number}@example.com")
        consent = Consent(
            person_id=person.pk,
            purpose="application",
            notice_version="1",
            language="zh-hans",
            door="careers",
            given_at=at,
        )
        batch.add(consent)
        application = self._application(batch, person, opening, at)
        events: list[Event] = [
            PersonAdded(person_id=person.pk, at=at, door="careers"),
            ConsentGiven(person_id=person.pk, at=at, consent_id=consent.pk, purpose="application"),
            ApplicationReceived(
                person_id=person.pk,
                at=at,
                application_id=application.pk,
                opening_id=opening.pk,
                source=application.source,
            ),
            *self._message(batch, vault, application, at),
            ContactRevealed(
                person_id=person.pk, at=at + timedelta(hours=1), by=owner_id, contact_id=phone.pk, kind="phone"
            ),
        ]
        if number % 10 == 0:
            events.append(self._resume(batch, vault, at))
            self.with_resume.append(person.pk)
        events += self._way(batch, application, owner_id)
        if number % 20 == 3:
            self._follow_up(batch, application, owner_id)
        events = events[:EVENTS_PER_PERSON]
        while len(events) < EVENTS_PER_PERSON:
            later = events[-1].at + timedelta(minutes=5)
            if len(events) % 2:
                note = Note(person_id=person.pk, kind="call", by=owner_id, at=later)
                note.text_sealed = vault.seal(
                    "电话沟通：有意向，期望下周面试。", cell="people_note|text_sealed", row=note.pk
                )
                batch.add(note)
                events.append(NoteWritten(person_id=person.pk, at=later, by=owner_id, note_id=note.pk, kind="call"))
            else:
                events.append(PersonChanged(person_id=person.pk, at=later, by=owner_id, fields=("city",)))
        for event in events:
            batch.add(_row(event))

    def _contact(self, batch: _Batch, vault: Vault, kind: str, value: str) -> Contact:
        contact = Contact(person_id=vault.person_id, kind=kind, index=crypto.blind_index(kind, value))
        contact.sealed = vault.seal(value, cell="people_contact|sealed", row=contact.pk)
        batch.add(contact)
        return contact

    def _application(self, batch: _Batch, person: Person, opening: Opening, at: datetime) -> Application:
        draw, stages = self.random, self.stages[opening.pk]
        stage = draw.choices(stages, weights=STAGE_SHARES)[0]
        ended = draw.random() < ENDED_SHARE
        entered = at + (self.at - at) * draw.random() * 0.9
        due = self.at + timedelta(hours=draw.randrange(-24, 96)) if stage.limit_hours and not ended else None
        application = Application(
            person_id=person.pk,
            opening_id=opening.pk,
            stage=stage,
            state="exited" if ended else "active",
            exit_reason=draw.choice(self.reasons) if ended else None,
            source=draw.choice(SOURCES),
            applied_at=at,
            entered_stage_at=at if stage.position == 1 else entered,
            due_at=due,
            limit_announced_at=due if due and due < self.at else None,
        )
        batch.add(application)
        return application

    def _message(self, batch: _Batch, vault: Vault, application: Application, at: datetime) -> list[Event]:
        message = Message(
            person_id=vault.person_id,
            application_id=application.pk,
            state="sent",
            business_key=f"benchmark:{application.pk}",
            template_version=self.versions[0],
            automatic=True,
            language="zh-hans",
            queued_at=at,
            next_try_at=at,
            sent_at=at + timedelta(seconds=2),
            attempts=1,
        )
        message.message_id = f"<{message.pk}@yunshan.example>"
        envelope = Envelope(None)
        envelope._vault = vault
        envelope.seal(message, subject="我们收到了您的申请", body=self.versions[0].text)
        batch.add(message)
        told = {
            "person_id": vault.person_id,
            "message_id": message.pk,
            "channel": "mail",
            "automatic": True,
            "template": "application_received",
            "application_id": application.pk,
        }
        return [MessageQueued(at=at, **told), MessageSent(at=at + timedelta(seconds=2), **told)]

    def _resume(self, batch: _Batch, vault: Vault, at: datetime) -> Event:
        document = Document(
            person_id=vault.person_id,
            media_type="text/plain",
            size=len(_RESUME),
            digest=crypto.blind_index("document", str(vault.person_id)),
            stored_at=at,
        )
        key = crypto.new_key()
        document.key_wrapped = vault.wrap(key, cell="people_document|key_wrapped", row=document.pk)
        document.name_sealed = crypto.seal(key, b"resume.txt", bound_to=f"people_document|name_sealed|{document.pk}")
        resume = Resume(person_id=vault.person_id, document_id=document.pk, parsed_at=at, parser="1")
        resume.parsed_sealed = vault.seal(self.resume, cell="people_resume|parsed_sealed", row=resume.pk)
        batch.add(document)
        batch.add(resume)
        return ResumeParsed(person_id=vault.person_id, at=at, document_id=document.pk, facts=18)

    def _way(self, batch: _Batch, application: Application, owner_id: UUID) -> list[Event]:
        """Return the events of an application's way through the stages, with the rows behind them."""
        stages = self.stages[application.opening_id]
        told: dict[str, Any] = {
            "person_id": application.person_id,
            "application_id": application.pk,
            "opening_id": application.opening_id,
        }
        batch.add(StageChange(application_id=application.pk, to_stage=stages[0], at=application.applied_at))
        events: list[Event] = []
        for before, after in pairwise(stages[: application.stage.position]):
            at = application.entered_stage_at - timedelta(hours=application.stage.position - after.position)
            batch.add(
                StageChange(application_id=application.pk, from_stage=before, to_stage=after, at=at, by_id=owner_id)
            )
            events.append(
                StageChanged(
                    at=at,
                    by=owner_id,
                    from_stage_id=before.pk,
                    to_stage_id=after.pk,
                    from_kind=before.kind,
                    to_kind=after.kind,
                    **told,
                )
            )
            if after.kind == "interview":
                events += self._interview(batch, application, at, told)
        if application.state == "exited":
            reason = application.exit_reason
            assert reason
            ended = application.entered_stage_at + timedelta(minutes=30)
            batch.add(
                StageChange(application_id=application.pk, from_stage=application.stage, exit_reason=reason, at=ended)
            )
            events.append(
                ApplicationExited(
                    at=ended, stage_kind=application.stage.kind, side=reason.side, reason=reason.code, **told
                )
            )
        return events

    def _interview(
        self, batch: _Batch, application: Application, at: datetime, told: dict[str, Any]
    ) -> Iterator[Event]:
        """Hold one interview in an hour of its interviewer's own, so that nobody is in two places at once."""
        number, self.interviews = self.interviews, self.interviews + 1
        user = self.interviewers[number % len(self.interviewers)]
        # each hour of half a year in turn, in an order that spreads few as evenly as many
        hour = number * 1777 % HOURS_OF_INTERVIEWS
        starts = self.at + timedelta(days=7) - timedelta(hours=hour)
        future = starts > self.at
        ends = starts + timedelta(minutes=50)
        waits = not future and ends > self.at - timedelta(days=3)
        interview = Interview(
            application_id=application.pk,
            opening_id=application.opening_id,
            template=self.scorecard,
            kind="video",
            round_name="一面",
            starts_at=starts,
            ends_at=ends,
            zone="Asia/Shanghai",
            state="arranged" if future else "held" if waits else "completed",
            verdict="" if future or waits else "yes",
            completed_at=None if future or waits else ends + timedelta(hours=20),
            created_at=at,
        )
        batch.add(interview)
        batch.add(Interviewer(interview=interview, user=user, starts_at=starts, ends_at=ends))
        sent = None if future or waits else ends + timedelta(hours=20)
        batch.add(
            Scorecard(
                interview=interview,
                user=user,
                attributes=self.scorecard.attributes,
                verdict="yes" if sent else "",
                submitted_at=sent,
            )
        )
        yield InterviewArranged(at=at, interview_id=interview.pk, **told)
        if not future:
            yield InterviewHeld(at=ends, interview_id=interview.pk, **told)
            promise = Promise(
                person_id=application.person_id,
                application_id=application.pk,
                what="next_step",
                due_at=ends + timedelta(days=4),
                made_at=ends,
                kept_at=sent,
                state="kept" if sent else "open",
                key=f"benchmark:{interview.pk}",
            )
            batch.add(promise)
            yield PromiseMade(
                person_id=application.person_id,
                at=ends,
                promise_id=promise.pk,
                what="next_step",
                application_id=application.pk,
            )

    def _follow_up(self, batch: _Batch, application: Application, owner_id: UUID) -> None:
        due = self.at + timedelta(hours=self.random.randrange(-48, 72))
        importance = self.random.randrange(1, 6)
        batch.add(
            FollowUp(
                key=f"benchmark:{application.pk}",
                person_id=application.person_id,
                application_id=application.pk,
                owner_id=owner_id,
                why={"zh-hans": "{{ candidate_name }} 在当前阶段已超过时限。", "en": "Beyond the stage's time limit."},
                suggestion={"zh-hans": "您好，想和您说说下一步。", "en": "Hello, about the next step."},
                importance=importance,
                due_at=due,
                rank_at=due - timedelta(hours=2 * importance),
                created_at=due - timedelta(hours=24),
                settles_on=[{"event": "people.note.written", "where": {"kind": "call"}}],
                source="playbook:stage_limit_exceeded",
            )
        )


def _row(event: Event) -> EventRow:
    row = EventRow(
        id=new_id(),
        name=event.name,
        person_id=event.person_id,
        at=event.at,
        recorded_at=event.at,
        by=event.by,
        payload=to_payload(event),
    )
    row.mac = mac_of(row)
    return row
