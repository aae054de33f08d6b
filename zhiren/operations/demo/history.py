"""Some months of a made-up company: who applies, who is moved, interviewed, hired or lost, and when.

A plan is a list of steps, each a moment and what is done then by calling a service; the clock is taken from moment to
moment, and what the playbooks do by themselves they do on the way, as they would have.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from zhiren.careers import services as careers
from zhiren.conversation import services as conversation
from zhiren.interviews import services as interviews
from zhiren.kernel.actors import Actor
from zhiren.kernel.businesstime import WorkCalendar
from zhiren.operations.demo import resumes
from zhiren.operations.demo.people import FictionalPerson, fictional_people
from zhiren.operations.demo.setup import Company, calendar_of, description, recruiter_of
from zhiren.people import services as people
from zhiren.recruiting import intake
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import services as recruiting_services
from zhiren.recruiting.models import Application

SEED = 20261122
MONTHS_BACK = 80  # days

# How the applicants of an opening fare, in the order in which they applied. The last ones are still on their way.
FATES = {
    "senior-backend-engineer": (
        "declined_early", "hired", "lost_offer", "declined_after_interview", "lost_silent", "declined_early", "hired",
        "declined_after_interview", "lost_other_offer", "offer", "interview_passed", "interview_passed_waiting",
        "interview_soon", "interview_unscored", "screening_late", "screening", "new_late", "new", "new",
    ),
    "store-manager": (
        "declined_early", "lost_location", "hired", "declined_after_interview", "declined_early", "lost_silent",
        "offer", "interview_passed_waiting", "interview_soon", "screening_late", "screening", "new", "new", "new",
    ),
    "data-analyst": (
        "declined_early", "declined_after_interview", "lost_other_offer", "declined_early", "hired",
        "interview_passed", "interview_soon", "screening", "screening_late", "new", "new", "new",
    ),
}  # fmt: skip
# Who stands for what the pages show best: the person of this key gets this fate.
CAST = {"interview_passed_waiting": ("周明远",), "offer": ("陈思雨",), "interview_soon": ("何俊",)}
STRENGTHS = {
    "zh-hans": (
        "您把上一个项目里的取舍讲得很清楚，也坦诚说了没做好的地方，这正是我们看重的。",
        "您对业务的理解很扎实，举的例子都落到了具体的数字上。",
        "您的沟通很有条理，和大家讨论问题时愿意先听完再说。",
    ),
    "en": (
        "You explained the trade-offs of your last project clearly and were open about its failures; we value that.",
        "You know the subject well, and every example came with concrete figures.",
        "You were well organised and listened before you answered; the conversation was a pleasure.",
    ),
}
CONCERNS = (
    "大规模场景的经验还不够，需要有人带。",
    "对排班和成本的敏感度一般。",
    "期望的成长速度和团队现状可能有落差。",
)
CALLS = (
    "通了电话，对两轮面试的反馈很满意，最关心的是团队和技术方向。",
    "电话里问了通勤和弹性时间，已经说明 9:00 到 10:30 弹性到岗。",
    "聊了二十分钟，他手上还有一家在谈，约好周四前给答复。",
)


@dataclass(order=True)
class Step:
    """Something done at a moment."""

    at: datetime
    number: int
    do: Callable[[datetime], None] = field(compare=False)


class History:
    """Plans and plays the history of the demo company up to `now`."""

    def __init__(self, company: Company, now: datetime) -> None:
        self.company = company
        self.now = now
        self.steps: list[Step] = []
        self.chance = random.Random(SEED)  # noqa: S311 - a made-up history, the same each time
        self.busy: set[tuple[str, datetime]] = set()

    def plan(self) -> list[Step]:
        """Return every step in order."""
        for opening, fates in FATES.items():
            applicants = self._cast([p for p in fictional_people(on=self.now.date()) if p.opening == opening], fates)
            for place, (person, fate) in enumerate(applicants):
                Way(self, person, fate, place / len(fates)).plan()
        return sorted(self.steps)

    def _cast(self, applicants: list[FictionalPerson], fates: tuple[str, ...]) -> list[tuple[FictionalPerson, str]]:
        stars = {name: fate for fate, names in CAST.items() for name in names}
        chosen: dict[str, FictionalPerson] = {}
        for person in applicants:
            fate = stars.get(person.name)
            if fate in fates and fate not in chosen and person.same_as is None:
                chosen[fate] = person
        rest = iter([person for person in applicants if person not in chosen.values()])
        given: set[str] = set()
        cast = []
        for fate in fates:
            star = chosen.get(fate) if fate not in given else None
            given.add(fate)
            chosen_one = star or next(rest, None)
            if chosen_one:
                cast.append((chosen_one, fate))
        return cast

    def add(self, at: datetime, do: Callable[[datetime], None]) -> None:
        """Plan a step, unless it lies in the future."""
        if at <= self.now:
            self.steps.append(Step(at, len(self.steps), do))

    def free_slot(self, interviewers: list[str], at: datetime, calendar: WorkCalendar) -> datetime:
        """Return the first full working hour from `at` at which none of these is in another interview."""
        slot = calendar.next_open(at).replace(minute=0, second=0, microsecond=0)
        while any((who, slot) in self.busy for who in interviewers) or calendar.next_open(slot) != slot:
            slot = calendar.next_open(slot + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        self.busy.update((who, slot) for who in interviewers)
        return slot


class Way:
    """One applicant's way through one opening."""

    def __init__(self, history: History, person: FictionalPerson, fate: str, progress: float) -> None:
        self.history, self.person, self.fate = history, person, fate
        self.chance = history.chance
        self.company = history.company
        self.opening = history.company.openings[person.opening]
        self.recruiter = recruiter_of(history.company, person.opening)
        self.calendar: WorkCalendar = calendar_of(history.company, person.opening)
        self.language = "zh-hans" if person.language.startswith("zh") else "en"
        self.progress = progress
        self.application_id: UUID | None = None
        self.interview_id: UUID | None = None

    # Moments -----------------------------------------------------------------------------------------------------

    def _ago(self, hours: float) -> datetime:
        """Return the moment so many business hours before now."""
        at = self.history.now - timedelta(days=hours / 9 * 7 / 5 + 4)
        while self.calendar.between(at, self.history.now) > timedelta(hours=hours):
            at += timedelta(minutes=20)
        return at

    def _after(self, at: datetime, least: float, most: float) -> datetime:
        """Return a moment some business hours after `at`."""
        return self.calendar.add_hours(at, round(self.chance.uniform(least, most), 2))

    # The plan ----------------------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Plan this applicant's steps."""
        ages = {  # business hours since they applied
            "new": (1, 6), "new_late": (10, 12), "screening": (9, 14), "screening_late": (26, 30),
            "interview_soon": (22, 26), "interview_unscored": (54, 56), "interview_passed": (46, 48),
            "interview_passed_waiting": (49, 51), "offer": (58, 60),
        }  # fmt: skip
        if self.fate in ages:
            applied = self._ago(self.chance.uniform(*ages[self.fate]))
        else:
            first = self.history.now - timedelta(days=MONTHS_BACK)
            span = timedelta(days=MONTHS_BACK - 32)
            applied = self.calendar.next_open(first + span * min(self.progress * 1.6, 1.0)) + timedelta(
                minutes=self.chance.randrange(300)
            )
        self.history.add(applied, self._apply)
        getattr(self, f"_{self.fate}")(applied)

    def _new(self, at: datetime) -> None:
        """Nobody has looked yet."""

    def _new_late(self, at: datetime) -> None:
        """Nobody has looked, for too long."""

    def _screening(self, at: datetime) -> None:
        self.history.add(self._after(at, 2, 7), self._moved_to("screening"))

    _screening_late = _screening

    def _interview_soon(self, at: datetime) -> None:
        screened = self._after(at, 2, 7)
        self.history.add(screened, self._moved_to("screening"))
        invited = self._after(screened, 4, 10)
        self.history.add(invited, self._moved_to("interview"))
        slot = self.history.free_slot(self._panel(), self.calendar.add_hours(self.history.now, 2), self.calendar)
        self.history.add(invited + timedelta(minutes=5), self._interview_at(slot))

    def _interview_unscored(self, at: datetime) -> None:
        self._interviewed(at, score=False, passed=True)

    def _interview_passed(self, at: datetime) -> None:
        scored = self._interviewed(at, passed=True)
        self.history.add(self._after(scored, 3, 8), self._call)

    def _interview_passed_waiting(self, at: datetime) -> None:
        self._interviewed(at, passed=True)

    def _offer(self, at: datetime) -> datetime:
        scored = self._interviewed(at, passed=True)
        called = self._after(scored, 3, 8)
        self.history.add(called, self._call)
        offered = self._after(called, 6, 12)
        self.history.add(offered, self._moved_to("offer"))
        self.history.add(self._after(offered, 1, 2), self._write)
        return offered

    def _hired(self, at: datetime) -> None:
        offered = self._offer(at)
        self.history.add(self._after(offered, 8, 20), self._moved_to("hired"))

    def _declined_early(self, at: datetime) -> None:
        screened = self._after(at, 2, 8)
        self.history.add(screened, self._moved_to("screening"))
        self.history.add(
            self._after(screened, 3, 12), self._ended(self.chance.choice(["experience", "skill", "level"]))
        )

    def _declined_after_interview(self, at: datetime) -> None:
        scored = self._interviewed(at, passed=False)
        self.history.add(self._after(scored, 4, 12), self._ended("interview_result"))

    def _lost_silent(self, at: datetime) -> None:
        scored = self._interviewed(at, passed=True)
        self.history.add(self._after(scored, 30, 40), self._call)
        self.history.add(self._after(scored, 80, 90), self._ended("no_reply"))

    def _lost_other_offer(self, at: datetime) -> None:
        scored = self._interviewed(at, passed=True)
        self.history.add(self._after(scored, 5, 8), self._call)
        self.history.add(self._after(scored, 30, 40), self._ended("other_offer"))

    def _lost_location(self, at: datetime) -> None:
        screened = self._after(at, 2, 8)
        self.history.add(screened, self._moved_to("screening"))
        self.history.add(self._after(screened, 8, 14), self._ended("location"))

    def _lost_offer(self, at: datetime) -> None:
        offered = self._offer(at)
        self.history.add(self._after(offered, 20, 30), self._ended("base_pay"))

    def _interviewed(self, at: datetime, *, passed: bool, score: bool = True) -> datetime:
        screened = self._after(at, 2, 7)
        self.history.add(screened, self._moved_to("screening"))
        invited = self._after(screened, 4, 10)
        self.history.add(invited, self._moved_to("interview"))
        slot = self.history.free_slot(self._panel(), self.calendar.add_hours(invited, 12), self.calendar)
        self.history.add(invited + timedelta(minutes=5), self._interview_at(slot))
        scored = self.calendar.add_hours(slot + timedelta(hours=1), self.chance.choice([0.5, 1.5, 3]))
        if score:
            self.history.add(scored, self._scored(passed=passed))
        return scored

    # What is done ------------------------------------------------------------------------------------------------

    def _panel(self) -> list[str]:
        return self.company.interviewers[self.person.opening][:2]

    def _apply(self, at: datetime) -> None:
        name, data = resumes.write_resume(self.person, resumes.layout_of(self.person))
        if self.person.number % 5 < 2:
            application = careers.apply(
                at=at,
                opening_slug=self.opening.slug,
                name=self.person.name,
                phone=self.person.phone,
                mail=self.person.mail,
                resume=(name, data),
                language=self.language,
                consents=("application",),
            )
            self.application_id = application.pk
        else:
            row = intake.start_intake(
                actor=self.recruiter,
                at=at,
                opening_id=self.opening.pk,
                files=[(name, data)],
                source=self.chance.choice(["upload", "referral", "agency"]),
            )
            self.intake_id = row.pk

    def _application(self) -> Application | None:
        if self.application_id is None:
            file = recruiting.get_intake(self.recruiter, self.intake_id).files.first()
            self.application_id = file.application_id if file else None
        if self.application_id is None:
            return None
        return recruiting.get_application(self.recruiter, self.application_id)

    def _moved_to(self, kind: str) -> Callable[[datetime], None]:
        def do(at: datetime) -> None:
            application = self._application()
            if application is None or application.state != Application.State.ACTIVE:
                return
            stage = self.opening.stages.get(kind=kind)
            recruiting_services.move_application(
                actor=self.recruiter, at=at, application_id=application.pk, stage_id=stage.pk
            )

        return do

    def _ended(self, reason: str) -> Callable[[datetime], None]:
        def do(at: datetime) -> None:
            application = self._application()
            if application is None or application.state != Application.State.ACTIVE:
                return
            found = recruiting.exit_reasons().get(code=reason)
            recruiting_services.exit_application(
                actor=self.recruiter, at=at, application_id=application.pk, reason_id=found.pk
            )

        return do

    def _interview_at(self, slot: datetime) -> Callable[[datetime], None]:
        def do(at: datetime) -> None:
            application = self._application()
            if application is None or application.state != Application.State.ACTIVE:
                return
            panel = [self.company.users[key].pk for key in self._panel()]
            interview = interviews.arrange_interview(
                actor=self.recruiter,
                at=at,
                application_id=application.pk,
                kind="video" if self.person.opening == "data-analyst" else "onsite",
                round_name="一面" if self.language == "zh-hans" else "First round",
                starts_at=slot,
                minutes=60,
                zone=self.opening.branch.zone if self.opening.branch else self.opening.entity.zone,
                interviewer_ids=panel,
            )
            self.interview_id = interview.pk

        return do

    def _scored(self, *, passed: bool) -> Callable[[datetime], None]:
        def do(at: datetime) -> None:
            if self.interview_id is None:
                return
            codes = [attribute["code"] for attribute in interviews.default_template().attributes]
            for key in self._panel():
                low, high = (3, 4) if passed else (1, 3)
                interviews.submit_scorecard(
                    actor=self.company.actor(key),
                    at=at,
                    interview_id=self.interview_id,
                    ratings={code: self.chance.randint(low, high) for code in codes},
                    evidence={codes[0]: self.chance.choice(CONCERNS)} if not passed else {},
                    verdict=self.chance.choice(["yes", "strong_yes"]) if passed else "no",
                    summary_for_candidate=self.chance.choice(STRENGTHS[self.language]),
                    concerns="" if passed else self.chance.choice(CONCERNS),
                )

        return do

    def _call(self, at: datetime) -> None:
        application = self._application()
        if application is None or application.state != Application.State.ACTIVE:
            return
        people.write_note(
            actor=self.recruiter,
            at=at,
            person_id=application.person_id,
            kind="call",
            text=self.chance.choice(CALLS)
            if self.language == "zh-hans"
            else "Talked on the phone; the feedback was welcome.",
        )

    def _write(self, at: datetime) -> None:
        application = self._application()
        if application is None or application.state != Application.State.ACTIVE:
            return
        chinese = self.language == "zh-hans"
        conversation.write_message(
            actor=self.recruiter,
            at=at,
            person_id=application.person_id,
            application_id=application.pk,
            subject="关于录用的几点说明" if chinese else "A few words about the offer",
            body=(
                f"{self.person.name}，您好！\n\n很高兴地告诉您，团队希望和您一起工作。薪酬结构和入职时间我整理好了，"
                "今天下午方便的话我打电话给您，一项一项说明。\n\n祝好"
            )
            if chinese
            else (
                f"Dear {self.person.name},\n\nthe team would like to work with you. I have put together pay and start "
                "date and would be glad to go through them on the phone this afternoon.\n\nKind regards"
            ),
            business_key=f"demo:{application.pk}:offer",
        )


def unread_file(company: Company, at: datetime) -> Iterator[tuple[Actor, UUID, str, bytes]]:
    """Return the one broken file that the demo uploads, so that the task it becomes can be seen."""
    del at
    name, data = resumes.broken_resume()
    key = description()["openings"][0]["key"]
    yield recruiter_of(company, key), company.openings[key].pk, name, data
