"""Every main page, for every role: whole on a desk and on a phone, in both languages, light and dark, for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import GOOD, Visitors
from tests.browser.installation import Installation, wait_for
from zhiren.access import services as access
from zhiren.careers.links import status_link
from zhiren.careers.services import apply
from zhiren.conversation import services as conversation
from zhiren.interviews import services as interviews
from zhiren.operations.demo import resumes
from zhiren.operations.demo.people import fictional_people
from zhiren.people import services as people
from zhiren.playbooks.models import Playbook
from zhiren.recruiting import intake
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import services as recruiting_services
from zhiren.recruiting.models import IntakeFile
from zhiren.today.models import FollowUp

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
STAND_STILL = (
    "for (const one of document.getAnimations()) if (isFinite(one.effect.getComputedTiming().endTime)) one.finish()"
)
SERIOUS = {"serious", "critical"}
OPENING = "store-manager"
USERS = {
    "recruiter": "xu-nuo",
    "hr_manager": "zhou-lan",
    "hiring_manager": "fang-min",
    "interviewer": "sun-rui",
    "administrator": "tang-ning",
}


@dataclass
class Company:
    """A few things of each kind, and the addresses of their pages."""

    person: UUID
    opening: UUID
    slug: str
    application: UUID
    interview: UUID
    open_interview: UUID
    intake: UUID
    playbook: UUID
    user: UUID
    link: str
    other: UUID
    with_resume: UUID | None = None
    follow_up: UUID | None = None
    addresses: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="session")
def company(installation: Installation, django_db_blocker: Any) -> Company:
    """Some candidates of the demo's store, on their way, and what the playbooks made of it."""
    with django_db_blocker.unblock(), installation.entered():
        made = installation.call(_fill, installation)

        def settled() -> bool:
            files = IntakeFile.objects.filter(intake_id=made.intake)
            found = FollowUp.objects.filter(person_id=made.person).first()
            made.follow_up = found.pk if found else None
            read = files.filter(application__isnull=False).first()
            made.with_resume = read.application.person_id if read and read.application else None
            return found is not None and not files.filter(state=IntakeFile.State.WAITING).exists()

        wait_for(lambda: installation.call(settled), "the worker has dealt with what happened", 60)
    shared = {
        "today": ["/today/", "/today/?who=team"],
        "recruiting": [
            "/recruiting/openings", "/recruiting/openings?state=all", "/recruiting/openings/new",
            f"/recruiting/openings/{made.opening}", f"/recruiting/openings/{made.opening}/table",
            f"/recruiting/openings/{made.opening}/numbers", f"/recruiting/openings/{made.opening}/settings",
            "/recruiting/candidates", "/recruiting/candidates/new", "/recruiting/upload",
            f"/recruiting/intake/{made.intake}", "/recruiting/unreadable",
        ],
        "seen": [
            f"/recruiting/openings/{made.opening}", f"/recruiting/openings/{made.opening}/table",
            "/recruiting/openings", "/recruiting/candidates",
        ],
        "person": [f"/people/{made.person}"],
        "found": [
            f"/people/{made.with_resume}", f"/people/{made.with_resume}/resume/wide",
            "/talent/search", "/talent/search?q=门店",
            "/people/duplicates", f"/people/{made.person}/same-as/{made.other}",
        ],
        "screening": [f"/screening/openings/{made.opening}"],
        "mail": ["/mailbox/unfiled", "/mailbox/unfiled?state=filed"],
        "reader": ["/people/readings", "/people/reader", "/people/reader?by=rule"],
        "accounts": ["/mailbox/accounts", "/mailbox/accounts/new"],
        "interviews": ["/interviews/", f"/interviews/{made.interview}"],
        "arrange": ["/interviews/new", f"/interviews/arrange/{made.application}"],
        "score": [f"/interviews/{made.open_interview}/scorecard", f"/interviews/{made.open_interview}"],
        "words": ["/conversation/templates", "/conversation/templates/application_received"],
        "playbooks": ["/playbooks/", f"/playbooks/{made.playbook}"],
        "change": [f"/playbooks/{made.playbook}/change"],
        "org": ["/org/"],
        "users": ["/access/users", "/access/users/new", f"/access/users/{made.user}"],
        "attendance": [
            "/attendance/month", "/attendance/exceptions", "/attendance/exceptions/law", "/attendance/closing",
            "/attendance/devices", "/rostering/shifts", "/rostering/shifts/new", "/rostering/groups/new",
            "/rostering/law",
        ],
        "approvals": ["/approvals/waiting", "/approvals/all", "/approvals/policies", "/approvals/delegations"],
        "staff": [
            "/people/employees", "/leave/team", "/attendance/imports", "/attendance/platforms", "/attendance/phones",
            "/attendance/kiosks/new",
        ],
        "own": ["/access/preferences", "/account/2fa/", "/operations/mail"],
    }  # fmt: skip
    parts = {
        "recruiter": "today recruiting person found screening mail interviews arrange words playbooks org own",
        "hr_manager": (
            "today seen person found screening interviews arrange words playbooks change reader org attendance"
            " approvals staff own"
        ),
        "hiring_manager": "today seen person interviews org own",
        "interviewer": "today person interviews score own",
        "administrator": "playbooks change words org users reader accounts own",
    }
    made.addresses = {role: [one for part in named.split() for one in shared[part]] for role, named in parts.items()}
    for role in ("recruiter", "hiring_manager", "interviewer"):  # only who answers for others sees a team
        made.addresses[role].remove("/today/?who=team")
    return made


def _fill(place: Installation) -> Company:
    now = datetime.now(UTC)
    company = place.company
    opening, owner = company.openings[OPENING], company.actor("xu-nuo")
    applicants = [one for one in fictional_people(on=now.date()) if one.opening == OPENING and one.same_as is None]
    applications = [
        apply(
            at=now - timedelta(days=9),
            opening_slug=opening.slug,
            name=one.name,
            phone=one.phone,
            mail=one.mail,
            resume=None,
            language="zh-hans",
            consents=("application",),
        )
        for one in applicants[:4]
    ]
    first, second, third, last = applications
    files = [resumes.write_resume(applicants[4], "docx_form"), resumes.broken_resume()]
    upload = intake.start_intake(actor=owner, at=now, opening_id=opening.pk, files=files)
    for application in (first, second):
        recruiting_services.move_application(
            actor=owner,
            at=now - timedelta(days=2),
            application_id=application.pk,
            stage_id=opening.stages.get(kind="interview").pk,
        )
    held, coming = (
        interviews.arrange_interview(
            actor=owner,
            at=now - timedelta(days=1),
            application_id=application.pk,
            kind="onsite",
            round_name="一面",
            starts_at=starts_at,
            minutes=45,
            zone="Asia/Shanghai",
            place="静安体验店",
            interviewer_ids=[company.users["sun-rui"].pk],
        )
        for application, starts_at in ((first, now - timedelta(hours=3)), (second, now - timedelta(hours=1)))
    )
    interviews.submit_scorecard(
        actor=company.actor("sun-rui"),
        at=now,
        interview_id=held.pk,
        ratings={attribute["code"]: 3 for attribute in interviews.default_template().attributes},
        evidence={},
        verdict="yes",
        summary_for_candidate="您把带新人的办法讲得很具体。",
        concerns="库存管理还要多问。",
    )
    recruiting_services.exit_application(
        actor=owner,
        at=now,
        application_id=third.pk,
        reason_id=recruiting.exit_reasons().get(code="experience").pk,
    )
    people.write_note(actor=owner, at=now, person_id=first.person_id, kind="note", text="周末可以到店。")
    conversation.write_message(
        actor=owner,
        at=now,
        person_id=last.person_id,
        application_id=last.pk,
        subject="关于下一步",
        body="谢谢您今天过来。\n\n我们很快联系您。",
        business_key=f"pages:{last.pk}",
    )
    return Company(
        person=first.person_id,
        opening=opening.pk,
        slug=opening.slug,
        application=first.pk,
        interview=held.pk,
        open_interview=coming.pk,
        intake=upload.pk,
        playbook=Playbook.objects.get(key="interview_passed").pk,
        user=company.users["sun-rui"].pk,
        link=status_link(first.pk),
        other=second.person_id,
    )


class Look:
    """Looks at one page after another, and notes what is wrong with them.

    Whether a page is usable by everybody is asked once in each language: in Chinese on a desk in the light, in English
    on a phone in the dark. Roles that share the page only open it.
    """

    def __init__(self, page: Page, language: str, known: set[tuple[str, str]]) -> None:
        self.page = page
        self.wrong: list[str] = []
        self._axe = Axe()
        self._language = language
        self._known = known

    def at(self, address: str, *, status: int = 200) -> None:
        """Open a page on a desk in the light, then see it on a phone in the dark."""
        is_new = (address, self._language) not in self._known
        self._known.add((address, self._language))
        self.page.set_viewport_size(WIDE)
        answer = self.page.goto(address, wait_until="networkidle" if is_new else "load")
        if answer is None or answer.status != status:
            self.wrong.append(f"{address}: {answer.status if answer else 'no answer'}")
            return
        if is_new and self._language == "zh-hans":
            self._usable_by_all(address)
        self.page.set_viewport_size(NARROW)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            self.wrong.append(f"{address}: {width} px wide on a phone")
        if is_new and self._language == "en":
            self.page.evaluate("document.documentElement.classList.add('dark')")
            self.page.evaluate(STAND_STILL)
            self._usable_by_all(address)

    def _usable_by_all(self, address: str) -> None:
        for found in self._axe.run(self.page).response["violations"]:
            if found["impact"] in SERIOUS:
                places = [" ".join(map(str, node["target"])) for node in found["nodes"]]
                self.wrong.append(f"{address} in {self._language}: {found['id']} at {places[:3]} ({len(places)})")


@pytest.fixture(scope="session")
def known() -> set[tuple[str, str]]:
    """Which pages somebody has looked at closely, in which language."""
    return set()


@pytest.mark.parametrize("role", USERS)
class TestPages:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_are_whole_and_usable(
        self,
        role: str,
        language: str,
        company: Company,
        installation: Installation,
        visitors: Visitors,
        known: set[tuple[str, str]],
    ) -> None:
        user = installation.company.users[USERS[role]]
        installation.call(access.change_preferences, user=user, language=language, zone=user.zone)
        look = Look(visitors.user(USERS[role]), language, known)
        for address in company.addresses[role]:
            look.at(address)
        installation.call(access.change_preferences, user=user, language="zh-hans", zone=user.zone)
        assert look.wrong == []


class TestPublicPages:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_are_whole_and_usable(self, language: str, company: Company, visitors: Visitors) -> None:
        look = Look(visitors.guest(locale="en-GB" if language == "en" else "zh-CN"), language, set())
        for address in (
            "/careers/", f"/careers/{company.slug}", f"/careers/{company.slug}/apply", "/careers/privacy",
            company.link, "/account/login/",
        ):  # fmt: skip
            look.at(address)
        with visitors.expecting(404):
            look.at("/there-is-no-such-page", status=404)
        assert look.wrong == []


class TestForbiddenPages:
    def test_say_so_in_a_page_of_ours(self, company: Company, visitors: Visitors) -> None:
        page = visitors.user("sun-rui")
        with visitors.expecting(403, 404):
            for address in ("/access/users", "/playbooks/", f"/recruiting/openings/{company.opening}/settings"):
                answer = page.goto(address)
                assert answer is not None
                assert answer.status in {403, 404}
                assert answer.status >= GOOD
                assert page.locator("main").inner_text().strip()
