"""The main job from end to end: an opening, an application, an interview, silence, and somebody who calls."""

from __future__ import annotations

import io
import re
import socketserver
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Visitors
from tests.browser.installation import Installation, moment, text_of, wait_for
from zhiren.conversation import services as conversation
from zhiren.conversation.models import Message
from zhiren.operations.demo import resumes
from zhiren.operations.demo.people import FictionalPerson, fictional_people
from zhiren.plumbing import ticks
from zhiren.recruiting import intake
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting import services as recruiting_services
from zhiren.recruiting.models import Application, Intake, IntakeFile, Opening

pytestmark = pytest.mark.browser
SHANGHAI = ZoneInfo("Asia/Shanghai")
DATA = Path(__file__).parents[2].parent / "shared" / "data"
STRENGTHS = "您把缓存的取舍讲得很清楚，也坦诚说了没做好的地方。"
CONCERNS = "带人的经验还少。"
SAID = "通了电话，周四来谈录用条件。"
MANAGER = "zhou.lan@yunshan.example"
APPLICATION_SECONDS = 90  # so long a candidate may need at most
REVIVAL_SECONDS = 120  # so long a mail may be late whose worker was killed
STALL_SECONDS = 300  # so long the mail server of a test says nothing, and the worker waits


@dataclass
class Story:
    """What the steps of the story hand on to each other."""

    installation: Installation
    visitors: Visitors
    recruiter: Page
    applicant: FictionalPerson
    others: list[FictionalPerson]
    opening_url: str = ""
    slug: str = ""
    person_url: str = ""
    link: str = ""


@pytest.fixture
def story(installation: Installation, visitors: Visitors) -> Story:
    people = [one for one in fictional_people(on=datetime.now(SHANGHAI).date()) if one.same_as is None]
    return Story(installation, visitors, visitors.user("lin-xiao"), people[0], people[1:20])


class TestTheStory:
    def test_runs_from_a_new_opening_to_a_person_who_was_called(self, story: Story) -> None:
        _an_opening_is_made_and_published(story)
        _a_candidate_applies_by_phone(story)
        _twenty_files_are_uploaded_and_one_is_broken(story)
        _cards_are_moved_by_mouse_and_by_key(story)
        _an_interview_is_recorded_and_scored(story)
        _the_candidate_is_thanked_and_promised_an_answer(story)
        with _twenty_five_business_hours_later(story):
            _the_recruiter_sees_who_waits_and_the_manager_hears_of_it(story)
            _the_recruiter_calls_and_the_row_is_gone(story)
        _nothing_was_done_behind_the_log(story.installation)


def _an_opening_is_made_and_published(story: Story) -> None:
    page, visitor = story.recruiter, story.visitors.guest()
    page.goto("/recruiting/openings")
    page.locator("main a[href$='/openings/new'], header a[href$='/openings/new']").locator("visible=true").first.click()
    page.locator("[name=position]").select_option(label=_option(page, "后端工程师"))
    page.locator("[name=title]").fill("设备云后端工程师")
    page.locator("[name=title_en]").fill("Device Cloud Engineer")
    page.locator("[name=description]").fill("你会和六位同事一起，把设备发来的消息稳稳接住。")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/openings/[0-9a-f-]{36}"))
    story.opening_url = re.sub(r"(/openings/[0-9a-f-]{36}).*", r"\1", page.url)
    visitor.goto("/careers/")
    expect(visitor.get_by_text("高级后端工程师").first).to_be_visible()
    expect(visitor.get_by_text("设备云后端工程师")).to_have_count(0)
    slug = story.installation.call(lambda: Opening.objects.get(title="设备云后端工程师").slug)
    with story.visitors.expecting(404):
        unpublished, absent = visitor.goto(f"/careers/{slug}"), visitor.goto("/careers/there-is-no-such-job")
        assert unpublished is not None
        assert absent is not None
        assert (unpublished.status, absent.status) == (404, 404)

    page.goto(f"{story.opening_url}/settings")
    page.locator("[hx-post$='/publish']").click()
    expect(page.locator("[hx-post$='/unpublish']")).to_be_visible()

    story.slug = story.installation.call(lambda: Opening.objects.get(title="设备云后端工程师").slug)
    visitor.goto("/careers/")
    expect(visitor.get_by_text("设备云后端工程师").first).to_be_visible()


def _option(page: Page, text: str) -> str:
    """Return the label of the first position whose label says so."""
    return next(label for label in page.locator("[name=position] option").all_text_contents() if text in label)


def _a_candidate_applies_by_phone(story: Story) -> None:
    phone = story.visitors.guest(**PHONE)
    began = time.monotonic()
    phone.goto("/careers/")
    phone.get_by_text("设备云后端工程师").first.tap()
    phone.locator(f"a[href='/careers/{story.slug}/apply']").locator("visible=true").first.tap()
    name, data = resumes.write_resume(story.applicant, "classic")
    phone.locator("input[name=resume]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": data})
    expect(phone.locator("input[name=name]")).to_have_value(story.applicant.name)
    expect(phone.locator("input[name=mail]")).to_have_value(story.applicant.mail)
    _no_sideways_scrolling(phone)
    phone.locator("input[name=consent]").check()
    phone.locator("#send").tap()
    phone.wait_for_url("**/careers/sent/**")
    assert time.monotonic() - began < 90
    story.link = str(phone.locator("a[href*='/c/']").first.get_attribute("href"))

    letter = story.installation.letter(story.applicant.mail, "设备云后端工程师")
    assert story.link in text_of(letter)
    phone.goto(story.link)
    expect(phone.get_by_text("设备云后端工程师").first).to_be_visible()
    _no_sideways_scrolling(phone)


def _twenty_files_are_uploaded_and_one_is_broken(story: Story) -> None:
    page = story.recruiter
    layouts = [name for name in resumes.LAYOUTS if name != "text"]
    files = [resumes.write_resume(one, layouts[at % len(layouts)]) for at, one in enumerate(story.others)]
    files.append(resumes.broken_resume())
    assert len(files) == 20
    opening_id = story.opening_url.rsplit("/", 1)[-1]
    seen = upload(page, opening_id, files)
    assert len(seen) > 2, f"no progress was shown on the way: {seen}"
    assert seen == sorted(seen)

    page.goto("/recruiting/unreadable")
    task = page.locator("main [data-row]")
    expect(task).to_have_count(1)
    expect(task).to_contain_text(resumes.broken_resume()[0])
    page.goto(story.opening_url)
    expect(page.locator("[data-stage]").first.locator("[data-count]")).to_have_text("20")
    page.goto(f"{story.opening_url}/table")
    names = set(page.locator("main tbody [data-open]").all_text_contents())
    assert names == {one.name for one in [story.applicant, *story.others]}


def upload(page: Page, opening_id: str, files: Iterable[tuple[str, bytes]], *, seconds: float = 90) -> list[int]:
    """Upload files as one ZIP, wait until each was read, and return how many were, as the page showed it by and by."""
    packed = io.BytesIO()
    count = 0
    with zipfile.ZipFile(packed, "w") as archive:
        for number, (name, data) in enumerate(files):
            archive.writestr(f"{number:03} {name}", data)
            count += 1
    page.goto(f"/recruiting/upload?opening={opening_id}")
    page.locator("input[type=file]").set_input_files(
        {"name": "简历.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    )
    page.locator("form[data-upload] button[type=submit]").click()
    shown = page.locator("#intake .tabular-nums").first
    seen: list[int] = []

    def done() -> bool:
        read = int(re.findall(r"\d+", shown.text_content() or "")[0])
        if read not in seen:
            seen.append(read)
        page.wait_for_timeout(200)
        return read == count

    expect(shown).to_contain_text(re.compile(rf"\b{count}\b"))
    wait_for(done, f"{count} files are read", seconds)
    return seen


def _cards_are_moved_by_mouse_and_by_key(story: Story) -> None:
    page = story.recruiter
    page.goto(story.opening_url)
    story.person_url = str(_card(page, story.applicant.name).locator("[data-open]").get_attribute("href"))
    interview = page.locator("[data-stage-name='面试']")
    drag(page, _card(page, story.applicant.name), interview.locator("[data-cards]"))
    expect(interview.locator("[data-count]")).to_have_text("1")
    expect(_card(page, story.applicant.name)).not_to_have_attribute("aria-busy", "true")

    other = _card(page, story.others[0].name)
    for stage in ("筛选", "面试"):
        other.press("]")
        column = page.locator(f"[data-stage-name='{stage}']")
        expect(column.locator("[data-card]").filter(has_text=story.others[0].name)).to_be_visible()
        expect(other).not_to_have_attribute("aria-busy", "true")
        expect(other).to_be_focused()
    page.reload()
    expect(interview.locator("[data-count]")).to_have_text("2")
    expect(interview.locator("[data-card]")).to_have_count(2)


def _card(page: Page, name: str) -> Locator:
    return page.locator(f"[data-card][aria-label='{name}']")


def drag(page: Page, card: Locator, to: Locator) -> None:
    """Take a card with the mouse and let it go over a column."""
    card.scroll_into_view_if_needed()
    start, target = card.bounding_box(), to.bounding_box()
    assert start is not None
    assert target is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] - 8)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 12, start["y"] + start["height"] - 2, steps=3)
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 30, steps=8)
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 34, steps=2)
    page.mouse.up()


def _an_interview_is_recorded_and_scored(story: Story) -> None:
    page = story.recruiter
    page.goto(story.person_url, wait_until="networkidle")
    page.locator("[role=tab][hx-get*='/interviews/of/']").click()
    page.locator("#tab-body [hx-get*='/interviews/arrange/']").click()
    dialog = page.locator("#dialog")
    began = datetime.now(SHANGHAI) - timedelta(minutes=75)
    dialog.locator("[name=day]").fill(began.strftime("%Y-%m-%d"))
    dialog.locator("[name=clock]").fill(began.strftime("%H:%M"))
    dialog.locator("[name=minutes]").select_option("45")
    dialog.locator("#panel label").filter(has_text="王磊").click()
    expect(dialog.locator("#panel input:checked")).to_have_count(1)
    dialog.locator("[name=find]").press_sequentially("孙睿")
    expect(dialog.get_by_text("孙睿").first).to_be_visible()
    dialog.locator("form button[type=submit]").click()
    expect(page.locator("#tab-body a[href*='/interviews/']").first).to_be_visible()

    phone = story.visitors.user("wang-lei", **PHONE)
    phone.goto("/interviews/")
    _no_sideways_scrolling(phone)
    phone.locator("main a[href*='/interviews/']").filter(has_text=story.applicant.name).first.tap()
    phone.wait_for_url(re.compile(r"/interviews/[0-9a-f-]{36}$"))
    _no_sideways_scrolling(phone)
    phone.locator("a[href$='/scorecard']").first.tap()
    phone.wait_for_url("**/scorecard")
    _no_sideways_scrolling(phone)
    for level in phone.locator("label[for$='-3']").all():
        level.tap()
    phone.locator("label:has([name=verdict][value=yes])").tap()
    phone.locator("#strengths").fill(STRENGTHS)
    phone.locator("#concerns").fill(CONCERNS)
    phone.locator("button[form=card]").tap()
    phone.wait_for_url("**/sent")


def _the_candidate_is_thanked_and_promised_an_answer(story: Story) -> None:
    letter = text_of(story.installation.letter(story.applicant.mail, STRENGTHS))
    due = story.installation.call(lambda: _calendar(story).add_days(datetime.now(UTC), 3)).astimezone(SHANGHAI)
    assert f"{due.month} 月 {due.day} 日" in letter
    assert "设计了云杉的设备消息平台" in letter  # so the interviewer was introduced
    assert CONCERNS not in letter
    assert "3 / 4" not in letter
    page = story.recruiter
    page.goto(story.person_url, wait_until="networkidle")
    promise = page.locator("#tab-body .trail > li").filter(has_text="承诺")
    expect(promise).to_contain_text(f"{due.month}月{due.day}日")


def _calendar(story: Story) -> object:
    return recruiting.calendar_of(Opening.objects.get(slug=story.slug))


@contextmanager
def _twenty_five_business_hours_later(story: Story) -> Iterator[None]:
    """Let 25 business hours go by without a call."""
    now = datetime.now(UTC)
    later = story.installation.call(lambda: _calendar(story).add_hours(now, 25))
    with story.installation.ahead(later - now):
        story.installation.call(ticks.tick, story.installation.now())
        story.recruiter = story.visitors.user("lin-xiao")
        yield


def _the_recruiter_sees_who_waits_and_the_manager_hears_of_it(story: Story) -> None:
    page = story.recruiter
    page.goto("/today/")
    first = page.locator("main [data-list] [data-row]").first
    expect(first).to_contain_text(story.applicant.name)
    expect(first).to_contain_text(re.compile("面试通过.*还没有人联系"))
    first.locator("[hx-get$='/evidence']").click()
    expect(page.locator("#dialog .trail")).to_contain_text("一面")
    page.keyboard.press("Escape")

    letter = story.installation.letter(MANAGER, story.applicant.name)
    assert "林晓" in text_of(letter)
    manager = story.visitors.user("zhou-lan")
    manager.goto("/today/")
    row = manager.locator("main [data-row]").filter(has_text=story.applicant.name).first
    expect(row).to_contain_text("负责人还没联系候选人")


def _the_recruiter_calls_and_the_row_is_gone(story: Story) -> None:
    page = story.recruiter
    page.goto("/today/")
    rows = page.locator("main [data-list] [data-row]")
    passed = rows.filter(has_text=story.applicant.name).filter(has_text="面试通过")
    expect(passed).to_have_count(1)
    passed.locator("[hx-post$='/contact']").click()
    dialog = page.locator("#dialog")
    digits = story.applicant.phone[-4:]
    expect(dialog).to_contain_text(digits)
    dialog.locator("[name=note]").fill(SAID)
    dialog.locator("form button[type=submit]").click()
    expect(passed).to_have_count(0)
    page.reload(wait_until="networkidle")
    expect(passed).to_have_count(0)

    page.goto(story.person_url, wait_until="networkidle")
    trail = page.locator("#tab-body .trail > li")
    expect(trail.filter(has_text=SAID)).to_have_count(1)
    told = list(reversed(trail.all_inner_texts()))
    order = [
        "投递", "收到申请", "移到“面试”", "补记了一面", "交了一面评分", "一面完成：通过", "面试感谢信", SAID,
    ]  # fmt: skip
    places = [next(at for at, text in enumerate(told) if words in text) for words in order]
    assert places == sorted(places), told
    times = [moment(str(one.get_attribute("datetime"))) for one in trail.locator("time").all()]
    assert times == sorted(times, reverse=True)
    manager = story.visitors.user("zhou-lan")
    line = manager.locator("main [data-row]").filter(has_text=story.applicant.name)

    def look() -> bool:
        manager.goto("/today/", wait_until="networkidle")
        return line.filter(has_text="负责人还没联系候选人").count() == 0

    # The worker takes the manager's line away, and it has other work after such a jump of the clock.
    wait_for(look, "the manager's line to go", seconds=45)


def _nothing_was_done_behind_the_log(installation: Installation) -> None:
    proof = installation.run("verify")
    assert proof.returncode == 0, proof.stderr
    assert "nothing was changed" in proof.stdout


def _no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


# Each on its own ------------------------------------------------------------------------------------------------------


def add_candidate(installation: Installation, name: str, *, opening: str = "senior-backend-engineer") -> Application:
    """Add a candidate for an opening of the demo, as its recruiter."""
    company = installation.company
    owner = {"senior-backend-engineer": "lin-xiao", "data-analyst": "lin-xiao", "store-manager": "xu-nuo"}[opening]
    return installation.call(
        lambda: intake.add_by_hand(
            actor=company.actor(owner),
            at=datetime.now(UTC),
            opening_id=company.openings[opening].pk,
            name=name,
            mails=[address_of(name)],
        )
    )


def address_of(name: str) -> str:
    """Return a mail address that belongs to a made-up name alone."""
    return f"{name.encode().hex()}@example.com"


class StallingMailServer(socketserver.ThreadingTCPServer):
    """An SMTP server that takes in letters to one address, and never says whether it kept them."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: str) -> None:
        self.address = address
        self.taken: list[str] = []
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), _Stall)


class _Stall(socketserver.StreamRequestHandler):
    server: StallingMailServer

    def handle(self) -> None:
        self.wfile.write(b"220 stalling.example\r\n")
        while line := self.rfile.readline():
            asked = line.decode().upper()
            if asked.startswith("RCPT") and self.server.address.upper() not in asked:
                self.wfile.write(b"451 later\r\n")  # another letter would take one of the worker's two hands
                continue
            if asked.strip() != "DATA":
                self.wfile.write(b"250 OK\r\n")
                continue
            self.wfile.write(b"354 go on\r\n")
            content = b""
            while (line := self.rfile.readline()) and line != b".\r\n":
                content += line
            self.server.taken.append(content.decode())
            self.server.over.wait(STALL_SECONDS)
            return


@contextmanager
def stalling_mail_server(address: str) -> Iterator[StallingMailServer]:
    """Run a mail server that stalls letters to one address, and takes no others."""
    with StallingMailServer(address) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


class TestAWorkerKilledWhileItSends:
    def test_leaves_no_mail_lost_and_none_sent_twice(self, installation: Installation, visitors: Visitors) -> None:
        name = "柏一鸣"
        address = address_of(name)
        with stalling_mail_server(address) as stalling:
            installation.worker.stop()
            # The first letter must still wait for its answer when the second is handed over, however busy the machine.
            installation.worker = installation.start_worker(
                ZHIREN_SMTP_PORT=str(stalling.server_address[1]), ZHIREN_SMTP_TIMEOUT=str(STALL_SECONDS)
            )
            application = add_candidate(installation, name)
            by_hand = installation.call(
                lambda: conversation.write_message(
                    actor=installation.company.actor("lin-xiao"),
                    at=datetime.now(UTC),
                    person_id=application.person_id,
                    subject="周四下午见",
                    body="周四下午三点，云杉路 100 号。",
                    business_key=f"by-hand:{application.pk}",
                )
            )
            wait_for(
                lambda: (
                    installation.call(
                        lambda: Message.objects.filter(person_id=application.person_id, state="sending").count()
                    )
                    == 2
                    and len(stalling.taken) >= 2
                ),
                "both letters are on their way",
                STALL_SECONDS / 2,
            )
            time.sleep(1)  # until the server has the whole of both
            installation.worker.kill()
        assert installation.mail_to(address) == []

        installation.worker = installation.start_worker()
        acknowledged = installation.letter(address, "收到", seconds=REVIVAL_SECONDS)
        uncertain = wait_for(
            lambda: installation.call(lambda: Message.objects.filter(pk=by_hand.pk, state="unknown").exists()),
            "the letter written by hand waits for somebody to decide",
            REVIVAL_SECONDS,
        )
        assert uncertain
        assert [one["Message-ID"] for one in installation.mail_to(address)] == [acknowledged["Message-ID"]]
        assert any(str(acknowledged["Message-ID"]) in taken for taken in stalling.taken)

        page = visitors.user("lin-xiao")
        page.goto(f"/people/{application.person_id}", wait_until="networkidle")
        page.locator("[role=tab][hx-get*='/conversation/persons/']").click()
        line = page.locator(f"#message-{by_hand.pk}")
        expect(line.locator("[hx-post$='/arrived']")).to_be_visible()
        line.locator("[hx-post$='/resend']").click()
        sent = installation.letter(address, "周四下午见")
        assert sent["Message-ID"] == by_hand.message_id
        assert len(installation.mail_to(address)) == 2


class TestAnotherRecruiter:
    def test_finds_nothing_of_a_colleagues_candidates(self, installation: Installation, visitors: Visitors) -> None:
        name = "柏若溪"
        application = add_candidate(installation, name)
        own, other = visitors.user("lin-xiao"), visitors.user("xu-nuo")
        opening_id, person_id = application.opening_id, application.person_id

        for address in (
            f"/recruiting/candidates?q={name}",
            f"/palette?q={name}",
            f"/api/v1/persons?name={name}",
        ):
            assert str(person_id) in own.request.get(address).text(), address
            assert str(person_id) not in other.request.get(address).text(), address
        for address, ours in (("/api/v1/persons", person_id), ("/api/v1/applications", application.pk)):
            assert str(ours) in own.request.get(f"{address}?size=200").text(), address
            assert str(ours) not in other.request.get(f"{address}?size=200").text(), address
        for address, absent in (
            (f"/people/{person_id}", f"/people/{uuid4()}"),
            (f"/people/{person_id}/timeline", f"/people/{uuid4()}/timeline"),
            (f"/people/{person_id}/resume", f"/people/{uuid4()}/resume"),
            (f"/conversation/persons/{person_id}", f"/conversation/persons/{uuid4()}"),
            (f"/interviews/arrange/{application.pk}", f"/interviews/arrange/{uuid4()}"),
            (f"/recruiting/openings/{opening_id}", f"/recruiting/openings/{uuid4()}"),
            (f"/api/v1/persons/{person_id}", f"/api/v1/persons/{uuid4()}"),
            (f"/api/v1/applications/{application.pk}", f"/api/v1/applications/{uuid4()}"),
            (f"/api/v1/openings/{opening_id}", f"/api/v1/openings/{uuid4()}"),
        ):
            assert own.request.get(address).status == 200, address
            refused, missing = other.request.get(address), other.request.get(absent)
            assert (refused.status, missing.status) == (404, 404), address
            assert _plain(refused.text()) == _plain(missing.text()), address
        assert name in _cells(own)
        assert name not in _cells(other)


def _plain(text: str) -> str:
    """Return an answer without what differs from one to the next: tokens, nonces, the address, the menu's numbers."""
    text = re.sub(r'(nonce|value|content)="[^"]*"|"X-CSRFToken": "\w+"', "", text)
    return re.sub(r'[0-9a-f-]{36}|(?<=tabular-nums">)\d+(?=</span>)|(?<=>)\d+(?=</span></span>)', "", text)


def _cells(page: Page) -> str:
    """Return all words of the spreadsheet that somebody may export."""
    answer = page.request.get("/recruiting/candidates/export")
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body())) as book:
        return "".join(book.read(part).decode() for part in book.namelist() if part.endswith(".xml"))


class TestTwoPeopleWithOneCard:
    def test_the_second_is_told_and_the_card_goes_back(self, installation: Installation, visitors: Visitors) -> None:
        name = "柏知秋"
        add_candidate(installation, name, opening="data-analyst")
        board = f"/recruiting/openings/{installation.company.openings['data-analyst'].pk}"
        first, second = visitors.user("lin-xiao"), visitors.user("zhou-lan")
        first.goto(board)
        second.goto(board)
        drag(first, _card(first, name), first.locator("[data-stage-name='面试'] [data-cards]"))
        expect(first.locator("[data-stage-name='面试'] [data-count]")).to_have_text("1")
        expect(_card(first, name)).not_to_have_attribute("aria-busy", "true")

        with visitors.expecting(409):
            drag(second, _card(second, name), second.locator("[data-stage-name='筛选'] [data-cards]"))
            expect(second.locator("#notices")).to_contain_text("面试")
        expect(second.locator("[data-stage-name='筛选'] [data-card]")).to_have_count(0)
        expect(second.locator("[data-stage]").first.locator("[data-card]")).to_have_count(1)
        second.reload()
        expect(second.locator("[data-stage-name='面试'] [data-card]")).to_have_count(1)


class TestVerify:
    def test_names_an_event_that_was_changed_by_hand(self, installation: Installation) -> None:
        add_candidate(installation, "柏安然")
        _nothing_was_done_behind_the_log(installation)
        wait_for(lambda: installation.call(_newest_linked), "the worker to link what was recorded")
        number, before = installation.call(_change_an_event)
        found = installation.run("verify")
        installation.call(_write_event, number, before)
        assert found.returncode == 1
        assert re.search(rf"event {number} [0-9a-f-]{{36}}: ", found.stderr), found.stderr
        _nothing_was_done_behind_the_log(installation)


@pytest.fixture(autouse=True)
def _database(visitors: Visitors) -> None:
    """Let every test of this file reach the installation's database."""


def _newest_linked() -> tuple[int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, payload::text FROM timeline_event WHERE name = 'recruiting.application.received'"
            " AND number IN (SELECT event_number FROM timeline_seal)"
            " ORDER BY number DESC LIMIT 1"
        )
        found: tuple[int, str] | None = cursor.fetchone()
        return found


def _change_an_event() -> tuple[int, str]:
    found = _newest_linked()
    assert found
    number, payload = found
    _write_event(number, '{"source": "somebody else"}')
    return int(number), str(payload)


def _write_event(number: int, payload: str) -> None:
    # in one transaction: what is recorded meanwhile waits, for without the triggers it would never be linked
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE timeline_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE timeline_event SET payload = %s WHERE number = %s", [payload, number])
        cursor.execute("ALTER TABLE timeline_event ENABLE TRIGGER USER")


class TestRealFiles:
    def test_all_become_candidates_or_tasks(self, installation: Installation, visitors: Visitors) -> None:
        layouts = sorted((DATA / "resume_layouts").rglob("*.pdf"))
        english = sorted((DATA / "resumes_en_livecareer_pdf").rglob("*.pdf"))
        if not layouts or not english:
            pytest.skip("the real résumés are not on this machine")
        chosen = layouts + english[:: max(len(english) // 50, 1)][:50]
        opening = installation.call(_opening_of_another_recruiter, installation)
        page = visitors.user("xu-nuo")
        upload(page, str(opening.pk), [(path.name, path.read_bytes()) for path in chosen], seconds=180)
        expect(page.locator("#intake .link[href*='/recruiting/openings/']")).to_be_visible()

        files = installation.call(lambda: list(Intake.objects.filter(opening=opening).latest("started_at").files.all()))
        candidates = [one for one in files if one.state == IntakeFile.State.DONE and one.application_id]
        tasks = [one for one in files if one.state == IntakeFile.State.UNREADABLE and one.problem]
        assert len(files) == len(chosen)
        assert len(candidates) + len(tasks) == len(files)
        assert all(one.document_id for one in files)
        assert len(candidates) > len(tasks)


def _opening_of_another_recruiter(installation: Installation) -> Opening:
    """Return a new opening, so that its many candidates do not fill the day of the recruiter of the story."""
    company = installation.company
    owner = company.actor("xu-nuo")
    made = recruiting_services.create_opening(
        actor=owner, at=datetime.now(UTC), position_id=company.positions["data-analyst"].pk, title="分析师（批量）"
    )
    return recruiting_services.open_opening(actor=owner, opening_id=made.pk)
