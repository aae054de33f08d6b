"""Messages on the page of a person, and the templates."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, actor_of, make_person, make_user
from zhiren.access.models import User
from zhiren.connectors.console.channel import ConsoleChannel
from zhiren.conversation import services
from zhiren.conversation.channels import Refused, Uncertain
from zhiren.conversation.models import Message, TemplateVersion
from zhiren.people.models import Note, Person
from zhiren.plumbing import jobs

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    """Return a browser in which this user has signed in."""
    client = Client()
    client.force_login(user)
    return client


def recruiter_with_person(**given: Any) -> tuple[User, Person]:
    """Return a recruiter and somebody they brought in."""
    user = make_user("recruiter")
    return user, make_person(actor=actor_of(user), **given)


def write(person: Person, key: str = "k", **values: str) -> Message:
    """Return a message of the system to a person."""
    return services.send_template(
        actor=SYSTEM, at=MONDAY, template_key="application_declined", to_person=person.pk, business_key=key,
        values={"opening_title": "后端工程师", **values},
    )  # fmt: skip


class TestOfPerson:
    def test_shows_what_was_sent_and_how_it_stands(self, letters: ConsoleChannel) -> None:
        user, person = recruiter_with_person()
        for key, answer in (
            ("a", None),
            ("b", Uncertain()),
            ("c", Refused("mailbox_refused", permanent=True, detail="550 no such user")),
        ):
            write(person, key)
            letters.answers.append(answer)
        jobs.run_due(MONDAY)

        page = signed_in(user).get(reverse("conversation:of_person", args=[person.pk])).content.decode()

        assert page.count("关于你申请的「后端工程师」") == 3
        assert page.count("重发") == 2
        assert page.count("<button") == page.count("重发") + page.count("已送达")
        assert "对方邮箱拒收" in page
        assert "550 no such user" in page

    def test_shows_the_words_as_text(self, letters: ConsoleChannel) -> None:
        user, person = recruiter_with_person()
        write(person, why="<script>alert(1)</script><img src=x onerror=alert(2)>")

        page = signed_in(user).get(reverse("conversation:of_person", args=[person.pk])).content.decode()

        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_shows_what_was_promised(self) -> None:
        user, person = recruiter_with_person()
        services.make_promise(
            at=MONDAY, person_id=person.pk, application_id=None, what="next_step", due_at=MONDAY, key="p"
        )

        page = signed_in(user).get(reverse("conversation:of_person", args=[person.pk])).content.decode()

        assert "告知下一步" in page
        assert "还没有往来" in page

    def test_says_that_mail_is_not_set_up(self) -> None:
        user, person = recruiter_with_person()

        page = signed_in(user).get(reverse("conversation:of_person", args=[person.pk])).content.decode()

        assert "ZHIREN_SMTP_HOST" in page

    def test_is_not_there_for_strangers(self) -> None:
        _user, person = recruiter_with_person()
        client = signed_in(make_user("recruiter"))

        for name in ("conversation:of_person", "conversation:compose"):
            assert client.get(reverse(name, args=[person.pk])).status_code == 404

    def test_costs_the_same_however_much_was_written(
        self, letters: ConsoleChannel, django_assert_max_num_queries: Any
    ) -> None:
        user, person = recruiter_with_person()
        for number in range(25):
            write(person, str(number))
        client = signed_in(user)

        with django_assert_max_num_queries(10):
            first = client.get(reverse("conversation:of_person", args=[person.pk])).content.decode()

        assert first.count("data-message") == 20
        more = first.split("?after=")[1].split('"')[0]
        rest = client.get(reverse("conversation:of_person", args=[person.pk]) + f"?after={more}").content.decode()
        assert rest.count("data-message") == 5


class TestMessage:
    def test_is_found_from_the_timeline(self, letters: ConsoleChannel) -> None:
        user, person = recruiter_with_person()
        message = write(person)
        jobs.run_due(MONDAY)
        client = signed_in(user)
        url = reverse("conversation:message", args=[message.pk])

        timeline = client.get(reverse("people:timeline", args=[person.pk])).content.decode()

        assert url in timeline
        assert "自动发了邮件：婉拒信" in timeline
        assert "关于你申请的「后端工程师」" in timeline
        assert "祝你顺利" in client.get(url).content.decode()

    def test_is_not_there_for_strangers(self, letters: ConsoleChannel) -> None:
        _user, person = recruiter_with_person()
        message = write(person)
        client = signed_in(make_user("recruiter"))

        assert client.get(reverse("conversation:message", args=[message.pk])).status_code == 404
        for name in ("conversation:confirm", "conversation:resend"):
            assert client.post(reverse(name, args=[message.pk])).status_code == 404


class TestConfirmAndResend:
    def test_answer_with_the_line_as_it_is_now(self, letters: ConsoleChannel) -> None:
        user, person = recruiter_with_person()
        arrived, lost = write(person, "a"), write(person, "b")
        letters.answers.extend([Uncertain(), Uncertain()])
        jobs.run_due(MONDAY)
        client = signed_in(user)

        confirmed = client.post(reverse("conversation:confirm", args=[arrived.pk]), headers=HTMX).content.decode()
        resent = client.post(reverse("conversation:resend", args=[lost.pk]), headers=HTMX).content.decode()

        assert "已发出" in confirmed
        assert "重发" not in confirmed
        assert "等待发送" in resent
        jobs.run_due(MONDAY)
        assert [letter.message_id for letter in letters.letters] == [lost.message_id]


class TestCompose:
    def post(self, user: User, person: Person, kind: str, **given: str) -> Any:
        return signed_in(user).post(
            reverse("conversation:compose", args=[person.pk]) + f"?kind={kind}", given, headers=HTMX
        )

    def test_sends_a_mail_once_for_two_clicks(self, letters: ConsoleChannel) -> None:
        user, person = recruiter_with_person()

        for _ in range(2):
            answer = self.post(user, person, "mail", key="k1", subject="下周聊聊？", body="周二方便吗？")
        jobs.run_due(MONDAY)

        assert answer.status_code == 200
        assert "person-changed" in answer["HX-Trigger"]
        assert [letter.subject for letter in letters.letters] == ["下周聊聊？"]

    @pytest.mark.parametrize("kind", ["call", "note"])
    def test_keeps_calls_and_notes(self, kind: str) -> None:
        user, person = recruiter_with_person()

        answer = self.post(user, person, kind, body="聊了十分钟")

        assert answer.status_code == 200
        assert list(Note.objects.filter(person=person).values_list("kind", "by")) == [(kind, user.pk)]

    @pytest.mark.parametrize("kind", ["mail", "call"])
    def test_keeps_what_was_typed_when_it_says_no(self, kind: str) -> None:
        user, person = recruiter_with_person()

        answer = self.post(user, person, kind, key="k", subject="", body=" ")

        assert answer.status_code == 422
        assert answer["HX-Reswap"] == "none"
        assert not Message.objects.exists()
        assert not Note.objects.exists()

    def test_shows_the_address_masked_or_how_to_add_one(self, letters: ConsoleChannel) -> None:
        user, person = recruiter_with_person(mails=["zhou.mingyuan@example.com"])
        nobody = make_person(actor=actor_of(user), mails=[])
        client = signed_in(user)

        with_address = client.get(reverse("conversation:compose", args=[person.pk])).content.decode()
        without = client.get(reverse("conversation:compose", args=[nobody.pk])).content.decode()

        assert "zhou.mingyuan@example.com" not in with_address
        assert "@example.com" in with_address
        assert "还没有邮箱" in without
        assert reverse("people:add_contact", args=[nobody.pk]) in without

    def test_is_not_for_those_who_only_read(self) -> None:
        manager = make_user("hiring_manager", scope="all")
        person = make_person()

        assert signed_in(manager).get(reverse("conversation:compose", args=[person.pk])).status_code == 403


class TestTemplates:
    def test_lists_them_all_in_both_languages(self, django_assert_max_num_queries: Any) -> None:
        client = signed_in(make_user("recruiter"))

        with django_assert_max_num_queries(10):
            page = client.get(reverse("conversation:templates")).content.decode()

        assert "面试感谢信" in page
        assert "Thank you for the interview: {{ opening_title }}" in page

    def test_are_not_for_interviewers(self) -> None:
        client = signed_in(make_user("interviewer"))

        assert client.get(reverse("conversation:templates")).status_code == 403
        assert client.get(reverse("conversation:template", args=["interview_thanks"])).status_code == 403


class TestTemplate:
    def url(self, language: str = "zh-hans") -> str:
        return reverse("conversation:template", args=["interview_thanks"]) + f"?language={language}"

    def test_shows_the_mail_with_made_up_values(self) -> None:
        page = signed_in(make_user("recruiter")).get(self.url()).content.decode()

        assert "周明远，你好" in page
        assert "你的角色可以查看模板，不能修改" in page

    def test_saves_new_words_as_a_new_version_and_keeps_the_old(self) -> None:
        client = signed_in(make_user("hr_manager"))

        answer = client.post(self.url(), {"subject": "谢谢 {{ candidate_name }}", "text": "聊得很好。"})

        assert answer.status_code == 302
        page = client.get(self.url()).content.decode()
        assert "谢谢 周明远" in page
        old = client.get(self.url() + "&version=1").content.decode()
        assert "谢谢你来面试" in old
        assert "这是第 1 版的内容" in old

    def test_keeps_what_was_typed_when_it_cannot_be_filled_in(self) -> None:
        client = signed_in(make_user("hr_manager"))

        answer = client.post(self.url(), {"subject": "薪资 {{ salary }}", "text": "我写了很久的一段"})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "我写了很久的一段" in page
        assert "填不进去" in page
        assert not TemplateVersion.objects.filter(number=2).exists()

    def test_is_changed_only_by_those_who_may(self) -> None:
        client = signed_in(make_user("recruiter"))

        assert client.post(self.url(), {"subject": "s", "text": "t"}).status_code == 403

    def test_does_not_exist_under_another_name(self) -> None:
        client = signed_in(make_user("hr_manager"))

        assert client.get(reverse("conversation:template", args=["nothing"])).status_code == 404


class TestPreview:
    def test_shows_words_as_they_are_typed_and_as_text(self) -> None:
        client = signed_in(make_user("hr_manager"))

        page = client.post(
            reverse("conversation:preview") + "?language=en",
            {"subject": "Hi {{ candidate_name }}", "text": "<b>x</b> {{ nope }}\n\n- one\n- two"},
            headers=HTMX,
        ).content.decode()

        assert "Hi Ann Lee" in page
        assert "<b>x</b>" not in page
        assert "<li>one</li>" in page
        assert "填不进去" in page
