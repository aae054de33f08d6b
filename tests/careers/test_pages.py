import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from tests.careers.resumes import READABLE, UNREADABLE
from tests.factories import MONDAY, SYSTEM, make_application, make_branch, make_opening, make_person
from zhiren.careers import links
from zhiren.conversation import services as conversation
from zhiren.conversation.models import Message
from zhiren.people import queries as people
from zhiren.plumbing import clock
from zhiren.recruiting import services as recruiting
from zhiren.recruiting.models import Application, Opening
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db
Pinned = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def _on_monday() -> Any:
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["zhiren_language"] = "en"
    return client


def publish(**given: Any) -> Opening:
    words = {"title": "后端工程师", "title_en": "Backend Engineer", "city": "上海", **given}
    return recruiting.publish_opening(actor=SYSTEM, at=MONDAY, opening_id=make_opening(**words).pk)


def filled_in(**given: Any) -> dict[str, Any]:
    opened = links.opened_token(MONDAY - timedelta(seconds=30))
    sent = {"name": "周小禾", "phone": "138 0000 2071", "mail": "zhou@example.com", "consent": "on", "opened": opened}
    return {**sent, **given}


def send(application: Application, subject: str, body: str) -> None:
    message = conversation.write_message(
        actor=SYSTEM,
        at=MONDAY,
        person_id=application.person_id,
        application_id=application.pk,
        subject=subject,
        body=body,
        business_key=f"{application.pk}:{subject}",
    )
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=MONDAY)


class TestOpenings:
    def test_shows_what_is_published_and_nothing_else(self, client: Client) -> None:
        shown, hidden, ended = publish(), make_opening(title="秘密职位"), publish(title="已关闭")
        recruiting.close_opening(actor=SYSTEM, at=MONDAY, opening_id=ended.pk)

        page = client.get("/careers/").content.decode()

        assert shown.slug in page
        assert hidden.slug not in page
        assert ended.slug not in page

    def test_shows_one_city(self, client: Client) -> None:
        here, there = publish(), publish(city="柏林")

        page = client.get("/careers/", {"city": "柏林"}).content.decode()

        assert there.slug in page
        assert here.slug not in page

    def test_asks_the_database_as_often_for_many_as_for_few(
        self, client: Client, django_assert_num_queries: Pinned
    ) -> None:
        for _ in range(40):
            publish()

        with django_assert_num_queries(4):
            page = client.get("/careers/").content.decode()

        assert page.count("<article") == 30
        more = re.search(r'href="(\?after=[^"]+)"', page)
        assert more is not None
        rest = client.get("/careers/" + more[1], headers={"HX-Request": "true"}).content.decode()
        assert rest.count("<article") == 10
        assert "<html" not in rest

    def test_says_it_when_there_is_none(self, english: Client) -> None:
        assert "No open job right now" in english.get("/careers/").content.decode()


class TestOpening:
    def test_answers_for_a_hidden_opening_as_for_none(self, client: Client) -> None:
        hidden = client.get(f"/careers/{make_opening().slug}")
        absent = client.get("/careers/nothing1")

        def plain(answer: Any) -> str:
            return re.sub(r'(value|nonce|X-CSRFToken": )="?[^"]*"|/careers/\w+', "", answer.content.decode())

        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert re.sub(r'"X-CSRFToken": "\w+"', "", plain(hidden)) == re.sub(r'"X-CSRFToken": "\w+"', "", plain(absent))

    def test_describes_the_job_to_machines_without_letting_its_text_out(self, client: Client) -> None:
        text = "好工作</script><script>alert(1)</script>"
        opening = publish(description=text, pay_from=2_600_000, pay_to=3_800_000)
        page = client.get(f"/careers/{opening.slug}").content.decode()
        found = re.search(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', page, re.DOTALL)

        assert found is not None
        posting = json.loads(found[1])
        assert posting["title"] == "后端工程师"
        assert posting["baseSalary"]["value"]["maxValue"] == 38000
        assert posting["description"].startswith("<p>好工作&lt;/script&gt;")
        assert "<script>alert" not in page

    def test_keeps_pay_to_itself_where_the_opening_does(self, client: Client) -> None:
        page = client.get(f"/careers/{publish(pay_from=2_600_000, shows_pay=False).slug}").content.decode()

        assert "26,000" not in page
        assert "baseSalary" not in page

    def test_speaks_both_languages(self, client: Client) -> None:
        opening = publish(description="中文介绍", description_en="About the job")
        chinese = client.get(f"/careers/{opening.slug}").content.decode()
        client.cookies["zhiren_language"] = "en"
        english = client.get(f"/careers/{opening.slug}").content.decode()

        assert "后端工程师" in chinese
        assert "中文介绍" in chinese
        assert "Backend Engineer" in english
        assert "About the job" in english


class TestReadResume:
    def test_fills_in_what_was_not_typed(self, client: Client) -> None:
        opening = publish()
        sent = {"mail": "mine@example.com", "resume": SimpleUploadedFile("周小禾.txt", READABLE)}
        page = client.post(f"/careers/{opening.slug}/resume", sent, headers={"HX-Request": "true"}).content.decode()

        assert 'value="周小禾"' in page
        assert 'value="138 0000 2071"' in page
        assert 'value="mine@example.com"' in page
        assert "周小禾.txt" in page
        assert "<html" not in page

    def test_says_that_an_unreadable_file_was_taken_all_the_same(self, english: Client) -> None:
        sent = {"resume": SimpleUploadedFile("resume.pdf", UNREADABLE)}
        answer = english.post(f"/careers/{publish().slug}/resume", sent, headers={"HX-Request": "true"})

        assert answer.status_code == 200
        assert "We have your file" in answer.content.decode()

    def test_keeps_what_was_typed_when_the_file_is_empty(self, english: Client) -> None:
        sent = {"name": "周小禾", "resume": SimpleUploadedFile("resume.pdf", b"")}
        answer = english.post(f"/careers/{publish().slug}/resume", sent, headers={"HX-Request": "true"})

        assert answer.status_code == 422
        assert "This file is empty" in answer.content.decode()
        assert 'value="周小禾"' in answer.content.decode()


class TestApply:
    def test_leads_from_an_upload_to_the_own_page(self, client: Client) -> None:
        opening = publish()
        uploaded = client.post(
            f"/careers/{opening.slug}/resume", {"resume": SimpleUploadedFile("a.txt", READABLE)}
        ).content.decode()
        token = re.search(r'name="upload" value="([^"]+)"', uploaded)
        assert token is not None

        answer = client.post(
            f"/careers/{opening.slug}/apply", filled_in(upload=token[1]), headers={"HX-Request": "true"}
        )
        application = Application.objects.get()
        thanks = client.get(answer.headers["HX-Redirect"]).content.decode()

        assert people.newest_resume(application.person) is not None
        assert links.status_link(application.pk) in thanks

    def test_works_without_scripts(self, client: Client) -> None:
        opening = publish()
        answer = client.post(
            f"/careers/{opening.slug}/apply",
            filled_in(resume=SimpleUploadedFile("周小禾.txt", READABLE)),
            follow=True,
        )

        assert answer.status_code == 200
        assert links.status_link(Application.objects.get().pk) in answer.content.decode()

    def test_keeps_everything_when_something_is_missing(self, english: Client) -> None:
        opening = publish()
        uploaded = english.post(
            f"/careers/{opening.slug}/resume", {"resume": SimpleUploadedFile("mine.txt", READABLE)}
        ).content.decode()
        token = re.search(r'name="upload" value="([^"]+)"', uploaded)
        assert token is not None

        answer = english.post(f"/careers/{opening.slug}/apply", filled_in(upload=token[1], phone="12", consent=""))
        page = answer.content.decode()

        assert answer.status_code == 422
        assert "not a complete phone number" in page
        assert "Without your consent" in page
        assert 'value="zhou@example.com"' in page
        assert token[1] in page
        assert "mine.txt" in page
        assert not Application.objects.exists()

    @pytest.mark.parametrize(
        "sign",
        [
            {"homepage": "http://spam.test"},
            {"opened": links.opened_token(MONDAY)},
            {"opened": ""},
            {"opened": "forged"},
        ],
        ids=["trap", "too fast", "never opened", "forged"],
    )
    def test_asks_programs_to_press_again_and_lets_people_through(self, english: Client, sign: dict[str, str]) -> None:
        opening = publish()
        refused = english.post(f"/careers/{opening.slug}/apply", filled_in(**sign))
        page = refused.content.decode()
        opened = re.search(r'name="opened" value="([^"]+)"', page)

        assert refused.status_code == 422
        assert "press the button once more" in page
        assert "spam.test" not in page
        assert opened is not None
        with clock.travel(MONDAY + timedelta(seconds=5)):
            again = english.post(f"/careers/{opening.slug}/apply", filled_in(opened=opened[1]))
        assert again.status_code == 302

    def test_gives_nobody_the_page_of_somebody_known(self, client: Client) -> None:
        opening = publish()
        make_person(phones=["13800002071"])

        answer = client.post(f"/careers/{opening.slug}/apply", filled_in(), follow=True)

        assert answer.status_code == 200
        assert links.token_for(Application.objects.get().pk) not in answer.content.decode()

    def test_refuses_the_sixth_within_an_hour(self, client: Client) -> None:
        opening = publish()
        for number in range(5):
            sent = filled_in(phone=f"1380000000{number}", mail=f"p{number}@example.com")
            assert client.post(f"/careers/{opening.slug}/apply", sent).status_code == 302

        forged = {"X-Forwarded-For": "198.51.100.9"}
        refused = client.post(f"/careers/{opening.slug}/apply", filled_in(), headers=forged)

        assert refused.status_code == 429
        assert 3590 <= int(refused.headers["Retry-After"]) <= 3601
        assert Application.objects.count() == 5

    def test_takes_no_application_for_a_hidden_opening(self, client: Client) -> None:
        assert client.post(f"/careers/{make_opening().slug}/apply", filled_in()).status_code == 404

    def test_cannot_be_sent_from_another_site(self) -> None:
        careful = Client(enforce_csrf_checks=True)

        assert careful.post(f"/careers/{publish().slug}/apply", filled_in()).status_code == 403


class TestSent:
    def test_opens_for_nothing_that_we_did_not_sign(self, client: Client) -> None:
        application = make_application()
        token = links.sent_token(application.pk, shows_link=False)

        assert client.get(f"/careers/sent/{token}").status_code == 200
        assert client.get(f"/careers/sent/{token}x").status_code == 404
        assert client.get(f"/careers/sent/{application.pk}").status_code == 404


class TestStatus:
    def test_shows_where_one_stands_and_by_when_one_hears(self, english: Client) -> None:
        application = make_application(stage="interview")
        page = english.get(f"/c/{links.token_for(application.pk)}/").content.decode()

        assert "You are in the interviews" in page
        assert application.due_at is not None
        assert re.search(r"By <strong>[^<]+</strong> \(Beijing time\)", page)

    def test_shows_what_was_promised_rather_than_the_norm(self, english: Client) -> None:
        opening = make_opening(branch_id=make_branch(zone="Europe/Berlin").pk)
        application = make_application(opening)
        due_at = MONDAY + timedelta(days=2)
        conversation.make_promise(
            at=MONDAY,
            person_id=application.person_id,
            application_id=application.pk,
            what="feedback",
            due_at=due_at,
            key="test",
        )

        page = english.get(f"/c/{links.token_for(application.pk)}/").content.decode()

        assert "We tell you how the interview went." in page
        assert "<strong>Wednesday 18 Nov, 03:00</strong> (Berlin time)" in page

    def test_owns_up_to_being_late(self, english: Client) -> None:
        application = make_application()
        with clock.travel(MONDAY + timedelta(days=9)):
            page = english.get(f"/c/{links.token_for(application.pk)}/").content.decode()

        assert "We are late, and we are sorry" in page

    def test_owns_up_to_a_promise_that_was_not_kept(self, english: Client) -> None:
        application = make_application(stage="hired")
        conversation.make_promise(
            at=MONDAY,
            person_id=application.person_id,
            application_id=application.pk,
            what="next_step",
            due_at=MONDAY + timedelta(days=1),
            key="test",
        )
        address = f"/c/{links.token_for(application.pk)}/"
        later = MONDAY + timedelta(days=2)
        conversation.break_promises(later)
        with clock.travel(later):
            broken = english.get(address).content.decode()
            conversation.keep_promises(at=later, person_id=application.person_id, application_id=application.pk)
            kept = english.get(address).content.decode()

        assert "We are late, and we are sorry" in broken
        assert "We are late" not in kept

    def test_shows_the_messages_of_this_application_only(self, client: Client) -> None:
        application = make_application()
        other = make_application(person=application.person)
        for target, subject in ((application, "关于面试"), (other, "另一个职位")):
            send(target, subject, "<b>你好</b>")

        page = client.get(f"/c/{links.token_for(application.pk)}/").content.decode()

        assert "关于面试" in page
        assert "另一个职位" not in page
        assert "<b>你好" not in page

    def test_masks_the_contacts(self, client: Client) -> None:
        application = make_application(person=make_person(phones=["13800002071"], mails=["zhou@example.com"]))

        page = client.get(f"/c/{links.token_for(application.pk)}/").content.decode()

        assert "138****2071" in page
        assert "zhou@example.com" not in page

    def test_stays_out_of_caches_search_engines_and_other_sites(self, client: Client) -> None:
        answer = client.get(f"/c/{links.token_for(make_application().pk)}/")

        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Robots-Tag"] == "noindex"

    def test_opens_for_no_other_token(self, client: Client) -> None:
        token = links.token_for(make_application().pk)

        for wrong in (token[:-1], token[:-2] + "AA", "x", "a" * 43):
            assert client.get(f"/c/{wrong}/").status_code == 404

    def test_asks_the_database_a_fixed_number_of_times(self, client: Client, django_assert_num_queries: Pinned) -> None:
        application = make_application()
        for number in range(5):
            send(application, f"第{number}封", "你好")

        with django_assert_num_queries(12):
            client.get(f"/c/{links.token_for(application.pk)}/")


class TestSeen:
    def test_is_told_by_the_pages_script_and_not_by_a_mail_scanner(self, client: Client) -> None:
        application = make_application()
        address = f"/c/{links.token_for(application.pk)}/"
        client.get(address)
        client.head(address)
        assert "careers.page.viewed" not in timeline.names_of(application.person_id)

        for _ in range(2):
            assert client.post(address + "seen").status_code == 204

        assert timeline.names_of(application.person_id).count("careers.page.viewed") == 1


class TestWithdraw:
    def test_ends_the_application_and_says_so(self, english: Client) -> None:
        application = make_application()
        page = english.post(f"/c/{links.token_for(application.pk)}/withdraw", follow=True).content.decode()

        assert "You have withdrawn this application" in page
        assert Application.objects.get(pk=application.pk).state == "exited"

    def test_does_nothing_for_a_link_that_is_only_opened(self, client: Client) -> None:
        application = make_application()

        assert client.get(f"/c/{links.token_for(application.pk)}/withdraw").status_code == 405
        assert Application.objects.get(pk=application.pk).state == "active"


class TestSearchEngines:
    def test_find_the_published_openings(self, client: Client) -> None:
        opening, hidden = publish(), make_opening()
        listed = client.get("/sitemap.xml").content.decode()

        assert f"<loc>http://127.0.0.1:8000/careers/{opening.slug}</loc>" in listed
        assert hidden.slug not in listed

    def test_are_told_to_stay_out_of_everything_else(self, client: Client) -> None:
        rules = client.get("/robots.txt").content.decode()

        assert "Allow: /careers/" in rules
        assert "Disallow: /\n" in rules
        assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in rules


class TestPrivacy:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_can_be_read_in_both_languages(self, client: Client, language: str) -> None:
        client.cookies["zhiren_language"] = language
        with translation.override(language):
            page = client.get("/careers/privacy").content.decode()

        assert ("你的权利" if language == "zh-hans" else "Your rights") in page
